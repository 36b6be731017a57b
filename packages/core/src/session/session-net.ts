import type { Payload } from "../model/payload.ts";
import type { Transport } from "../transport.ts";
import { type ImportEntry, ImportHook } from "./import-entry.ts";
import type { ImportTable } from "./imports.ts";
import type { RpcSessionOptions } from "./options.ts";
import type { HeldCalls } from "./outbox.ts";
import type { ResultEntry } from "./result-entry.ts";
import { type NetOwner, SafetyNet } from "./safety-net.ts";

/**
 * A session's safety net, if it has one. Made when first needed, which it never is in many
 * sessions.
 */
export class SessionNet implements NetOwner, HeldCalls {
  readonly #imports: ImportTable;
  readonly #option: RpcSessionOptions["releaseForgotten"];
  #made: SafetyNet | undefined;

  constructor(
    imports: ImportTable,
    transport: Transport,
    option: RpcSessionOptions["releaseForgotten"] = true,
  ) {
    this.#imports = imports;
    // A transport for one exchange releases everything soon.
    this.#option = transport.announces !== false && SafetyNet.isPossible ? option : false;
  }

  get ofSession(): SafetyNet | undefined {
    if (this.#made === undefined && this.#option) {
      this.#made = new SafetyNet(this, this.#option === "trace");
    }
    return this.#made;
  }

  /** Whether to keep the stacks of calls. */
  get traces(): boolean {
    return this.#option === "trace";
  }

  catchUp(): void {
    this.#made?.catchUp();
  }

  leftUnawaited(entry: ResultEntry): void {
    this.#made?.leftUnawaited(entry);
  }

  allLeft(): void {
    this.#made?.allLeft();
  }

  loseResult(id: number): void {
    const entry = this.#imports.get(id);
    // An awaited result is released when it arrives.
    if (!entry || entry.isAwaited) return;
    entry.count = 0;
    entry.drop();
  }

  /**
   * Releases a stub if the application forgets it.
   *
   * @returns whether there is a safety net
   */
  watch(hook: ImportHook, entry: ImportEntry): boolean {
    this.ofSession?.watchStub(hook, entry);
    return this.#option !== false;
  }

  unwatch(hook: ImportHook): void {
    this.#made?.unwatch(hook);
  }

  /** Keeps the stack of the call that gave the references of a payload, if there is one. */
  trace(entry: ImportEntry, payload: Payload): void {
    const made = (entry as ResultEntry).made;
    if (!made) return;
    for (const reference of payload.references) {
      if (reference instanceof ImportHook) this.ofSession?.gave(reference, made);
    }
  }
}
