import { RpcTarget } from "@capnweb/core";
import type { Fault } from "../sequence.ts";

/** Counts the targets that an application handed over, and the ones that were disposed of. */
export class Ledger {
  alive = 0;
  mainDisposed = 0;
  /** Actions of the application that haven't ended. */
  pending = 0;
  /** Whether the application itself does something that never ends. */
  #isHanging = false;
  readonly faults: Fault[] = [];

  /** A target that has to be disposed of exactly once. */
  target(): Tracked {
    this.alive++;
    return new Tracked(this);
  }

  /** A promise that never settles. */
  hang(): Promise<never> {
    this.#isHanging = true;
    return new Promise(() => {});
  }

  fault(kind: string, detail: unknown = ""): void {
    if (this.faults.length < 10) this.faults.push({ kind, detail: String(detail) });
  }

  get isSettled(): boolean {
    const isPending = this.pending > 0 && !this.#isHanging;
    return this.alive === 0 && this.mainDisposed > 0 && !isPending;
  }

  /** Notes what should have happened by now. */
  close(): void {
    if (this.alive > 0) this.fault("a target isn't disposed of", `${this.alive} left`);
    if (this.mainDisposed !== 1) {
      this.fault("the main object isn't disposed of once", `${this.mainDisposed} times`);
    }
    if (this.pending > 0 && !this.#isHanging)
      this.fault("a call of ours never ends", `${this.pending} of them`);
  }
}

class Tracked extends RpcTarget {
  readonly #ledger: Ledger;
  #isDisposed = false;

  constructor(ledger: Ledger) {
    super();
    this.#ledger = ledger;
  }
  echo(x: unknown) {
    return x;
  }
  child() {
    return this.#ledger.target();
  }
  get x() {
    return 1;
  }
  [Symbol.dispose]() {
    if (this.#isDisposed) this.#ledger.fault("a target is disposed of twice");
    else this.#ledger.alive--;
    this.#isDisposed = true;
  }
}
