import { CanceledError } from "../errors.ts";
import { type ErrorHook, type Puller, pullInto, type StubHook, type Unregister } from "../hook.ts";
import { type Callee, checkResolution } from "../hooks/forwarding.ts";
import { Deferred } from "../hooks/promise.ts";
import { ImportEntry, type Importer } from "./import-entry.ts";

/** How a result came to be, which says what becomes of it. */
export type ResultKind =
  /** Of a call that has yet to leave: becomes `streamed` if all that is done is await it. */
  | "call"
  /** Of a call: settled once pulled, and released by us. */
  | "result"
  /** Of a call, and can't be referred to: settled unasked, and released by the peer. */
  | "streamed"
  /** A promise of the peer's: settled unasked, and released by us. */
  | "promise";

/** An import of which the peer has yet to say what it is. */
export class ResultEntry extends ImportEntry {
  kind: ResultKind;
  /** What the call says, while it has yet to leave. */
  held: unknown;
  /** What is done with a result that can't be referred to, until it is there. */
  #later: Deferred | undefined;
  /** Who waits for the resolution; set once it was asked for. */
  #pullers: Puller[] | undefined;
  #brokenListeners: Set<(hook: StubHook) => void> | undefined;

  constructor(session: Importer, id: number, kind: ResultKind) {
    super(session, id);
    this.kind = kind;
    this.resolution = undefined;
  }

  override get isStub(): boolean {
    return false;
  }

  override get isAwaited(): boolean {
    return this.kind === "streamed" || this.kind === "promise" || this.#pullers !== undefined;
  }

  override get isResolvable(): boolean {
    // The peer doesn't know a call that has yet to leave.
    return this.held === undefined;
  }

  /** Says which message the call leaves with: the shorter one, if the result was only awaited. */
  leave(): void {
    if (this.kind === "call") this.kind = this.isAwaited ? "streamed" : "result";
    this.held = undefined;
  }

  override get isReferable(): boolean {
    if (this.kind === "call") this.kind = "result";
    return this.kind !== "streamed";
  }

  override get callee(): Callee {
    if (this.resolution || this.isReferable) return super.callee;
    this.#later ??= new Deferred();
    return this.#later;
  }

  override pull(puller: Puller): void {
    if (this.#pullers) {
      this.#pullers.push(puller);
      return;
    }
    this.#pullers = [puller];
    if (this.kind === "result" && this.held === undefined) this.session.pull(this);
  }

  override settle(outcome: StubHook): void {
    const hook = checkResolution(outcome, this);
    if (this.#later) {
      // Only what was done with it already has a use for it.
      this.#later.count = 0;
      this.#later.settle(hook.dup());
    }
    this.resolution = hook;
    for (const puller of this.#pullers ?? []) pullInto(hook, puller);
    for (const moveTo of this.#brokenListeners ?? []) moveTo(hook);
    this.#brokenListeners = undefined;
    if (this.count === 0) hook.dispose();
  }

  override onBroken(callback: (error: unknown) => void): Unregister {
    // The session's end, until it is known that something else is to be waited for.
    let unregister = super.onBroken(callback);
    const moveTo = (hook: StubHook) => {
      // Neither if that has come, nor if nobody listens any more.
      if (unregister()) unregister = hook.onBroken(callback);
    };
    this.#brokenListeners ??= new Set();
    this.#brokenListeners.add(moveTo);
    return () => {
      this.#brokenListeners?.delete(moveTo);
      return unregister();
    };
  }

  override drop(failure?: ErrorHook): void {
    if (!this.resolution) {
      const pullers = this.#pullers ?? [];
      this.#pullers = [];
      for (const puller of pullers) puller.reject(new CanceledError());
    }
    super.drop(failure);
  }
}
