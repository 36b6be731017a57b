import { RpcTarget } from "@capnweb/core";
import type { Fault } from "../sequence.ts";

/** Counts the targets that an application handed over, and those that were disposed of. */
export class Ledger {
  alive = 0;
  mainDisposed = 0;
  /** The application's actions that haven't ended. */
  pending = 0;
  /** True if an action of the application itself never ends. */
  #isHanging = false;
  readonly faults: Fault[] = [];
  readonly #kept: (() => void)[] = [];
  #hasLetGo = false;

  /** A target that must be disposed of exactly once. */
  target(): Tracked {
    this.alive++;
    return new Tracked(this);
  }

  /** A promise that doesn't settle while the session lives. */
  hang(): Promise<never> {
    this.#isHanging = true;
    const hanging = new Promise<never>((_, reject) => {
      this.onLetGo(() => reject(new Error("the application lets go")));
    });
    // Streams that were given up before no longer handle its rejection.
    hanging.catch(() => {});
    return hanging;
  }

  /** Registers a callback for the moment when the application releases everything that it keeps. */
  onLetGo(callback: () => void): void {
    // The server may still handle a message when the attacker is gone.
    if (this.#hasLetGo) callback();
    else this.#kept.push(callback);
  }

  /**
   * Releases everything that the application keeps. This may include the main object, which is then
   * disposed of.
   */
  letGo(): void {
    this.#hasLetGo = true;
    for (const callback of this.#kept.splice(0)) callback();
  }

  /** Keeps a stub, promise or result until the application releases everything. */
  kept<T>(value: T): T {
    if (typeof value === "object" || typeof value === "function") {
      this.onLetGo(() => {
        try {
          (value as Partial<Disposable> | null)?.[Symbol.dispose]?.();
        } catch {
          // Some values throw when touched.
        }
      });
    }
    return value;
  }

  fault(kind: string, detail: unknown = ""): void {
    if (this.faults.length < 10) this.faults.push({ kind, detail: String(detail) });
  }

  get isSettled(): boolean {
    const isPending = this.pending > 0 && !this.#isHanging;
    return this.alive === 0 && this.mainDisposed > 0 && !isPending;
  }

  /** Checks that everything has happened that should have by now. */
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
