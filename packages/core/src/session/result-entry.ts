import { CanceledError } from "../errors.ts";
import { type ErrorHook, type Puller, pullInto, type StubHook } from "../model/hook.ts";
import { Deferred } from "../promise/deferred.ts";
import { checkResolution } from "../promise/forwarding-hook.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import { type Callee, ImportEntry, type Importer } from "./import-entry.ts";
import type { Losses } from "./safety-net.ts";

/** The origin of a result, which decides how it is settled and released. */
export type ResultKind =
  /** Of a call that hasn't left yet: becomes `streamed` if it is only awaited. */
  | "call"
  /** Of a call: settled once pulled, and released by this side. */
  | "result"
  /**
   * Of a call, and can't be referred to: settled without being asked for, and released by the peer.
   */
  | "streamed"
  /** A promise of the peer: settled without being asked for, and released by this side. */
  | "promise";

/** Stands for the receivers of a result that was given up. */
const GIVEN_UP: Puller = { resolve() {}, reject() {} };

/** An import whose resolution the peer hasn't said yet. */
export class ResultEntry extends ImportEntry {
  #kind: ResultKind;
  /**
   * The content of the call, until it leaves. Set from the start, because a field that is added
   * later takes an array of its own.
   */
  held: unknown = undefined;
  /**
   * The list for the id, if the call leaves without being awaited; `undefined` without a safety
   * net.
   */
  declare losses: Losses | undefined;
  /** The stack of the call, if the application wants to know about stubs that it forgot. */
  declare made: string | undefined;
  /** Receivers that {@link observe} the resolution. Few results have any. */
  declare observers: Puller[] | undefined;
  /**
   * Called once the result is there, if something may cancel the call. A field only in that case.
   */
  declare inScope: { over(): void } | undefined;
  /** Keeps calls on a result that can't be referred to, until it is there. Few results have it. */
  declare later: PromiseHook | undefined;
  /** The first receiver of the resolution. Set once it was asked for. */
  #puller: Puller | undefined;
  /** The other receivers. Few results have any. */
  declare pullers: Puller[] | undefined;

  constructor(session: Importer, id: number, kind: ResultKind, losses?: Losses) {
    super(session, id);
    this.#kind = kind;
    this.losses = losses;
    this.resolution = undefined;
  }

  get kind(): ResultKind {
    return this.#kind;
  }

  /** Decides how a call leaves. This is the only transition of a kind. */
  private leaveAs(kind: "streamed" | "result"): void {
    if (this.#kind === "call") this.#kind = kind;
  }

  override get isStub(): boolean {
    return false;
  }

  override get isAwaited(): boolean {
    return this.#kind === "streamed" || this.#kind === "promise" || this.#puller !== undefined;
  }

  override get isCall(): boolean {
    return this.#kind !== "promise";
  }

  override get isResolvable(): boolean {
    // The peer doesn't know a call that hasn't left yet.
    return this.held === undefined;
  }

  /**
   * Chooses the message with which the call leaves: the shorter one, if the result was only
   * awaited.
   */
  leave(): void {
    this.leaveAs(this.isAwaited ? "streamed" : "result");
    this.held = undefined;
  }

  override refer(): boolean {
    this.leaveAs("result");
    return this.#kind !== "streamed";
  }

  override callee(): Callee {
    if (this.resolution || this.refer()) return super.callee();
    this.later ??= new PromiseHook(new Deferred());
    return this.later;
  }

  override pull(puller: Puller): void {
    if (this.#puller) {
      this.pullers ??= [];
      this.pullers.push(puller);
      return;
    }
    this.#puller = puller;
    if (this.#kind === "result" && this.held === undefined) this.session.pull(this);
  }

  override settle(outcome: StubHook): void {
    const hook = checkResolution(outcome, this);
    const later = this.later?.live;
    if (later) {
      // Only calls that were made already, or are made meanwhile, need it.
      later.count = 0;
      later.settle(hook.dup());
    }
    this.resolution = hook;
    this.inScope?.over();
    const { observers } = this;
    // A receiver may give the result up at once, as the writer of a stream does.
    if (observers) this.count++;
    if (this.#puller) pullInto(hook, this.#puller);
    for (const puller of this.pullers ?? []) pullInto(hook, puller);
    for (const observer of observers ?? []) pullInto(hook, observer);
    if (observers) this.count--;
    this.moveListeners(hook);
    if (this.count === 0) hook.dispose();
  }

  override drop(failure?: ErrorHook): void {
    if (!this.resolution) {
      const pullers = [this.#puller, ...(this.pullers ?? []), ...(this.observers ?? [])];
      this.#puller = GIVEN_UP;
      this.pullers = undefined;
      this.observers = undefined;
      for (const puller of pullers) puller?.reject(new CanceledError());
    }
    super.drop(failure);
  }
}

/**
 * Tells `puller` the resolution of `entry` if it is asked for, or comes anyway. Asks for nothing
 * itself. If the result is given up, `puller` learns it.
 */
export function observe(entry: ResultEntry, puller: Puller): void {
  // A list that grows from nothing reserves room for seventeen.
  if (entry.observers) entry.observers.push(puller);
  else entry.observers = [puller];
}
