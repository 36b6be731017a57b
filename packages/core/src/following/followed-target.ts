import { type BrokenListener, callListeners, type ListenerPlace } from "../broken-listener.ts";
import type { StubHook } from "../model/hook.ts";
import { Shared } from "../model/shared-hook.ts";
import type {
  CallsOfSession,
  FollowedSource,
  FollowingPolicy,
  RepeatableCall,
} from "./followed-source.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** Something that references follow for ever, until its end, and the calls that wait for it. */
export abstract class Followed extends Shared implements FollowedSource, ListenerPlace {
  readonly policy: FollowingPolicy;
  listeners: Set<BrokenListener> | undefined;
  protected readonly waiting: WaitingCalls;
  readonly #onDisposed: () => void;
  #end: { readonly error: unknown } | undefined;

  /** @param onDisposed called when the last reference is given up, unless it has ended */
  constructor(policy: FollowingPolicy, onDisposed: () => void) {
    super();
    this.policy = policy;
    this.waiting = new WaitingCalls(policy);
    this.#onDisposed = onDisposed;
  }

  /** The hook that stands for it now, if there is a single one. */
  abstract get target(): StubHook | undefined;

  /** The hook for one operation that can't wait, if there is one. */
  get chosen(): StubHook | undefined {
    return this.target;
  }

  /** The id of what it stands for in `session`, if it is there. */
  idFor(session: object): number | undefined {
    return this.target?.settled().idFor(session);
  }

  /** True if calls can be made now. */
  protected abstract get isReady(): boolean;

  protected abstract make(call: RepeatableCall): void;

  /** Gives up what calls are made on. */
  protected abstract giveUp(): void;

  /** The error for an operation that can't wait. */
  get absence(): unknown {
    return this.#end?.error ?? this.policy.absence();
  }

  /** True if there is nothing to follow any more. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  submit(call: RepeatableCall): void {
    if (this.#end) call.fail(this.#end.error);
    else if (this.isReady && !this.waiting.isBusy) this.make(call);
    else this.waiting.add(call);
  }

  /** Calls that waited when the last reference was given up are still made. */
  get canSubmit(): boolean {
    return this.count > 0 || !this.waiting.isEmpty;
  }

  need(): void {}

  unneed(): void {}

  /** Makes the calls that wait, as long as that is possible. */
  makeWaiting(): void {
    this.waiting.makeAll(
      (call) => this.make(call),
      () => this.isReady,
    );
    if (!this.canSubmit) this.#forget();
  }

  #forget(): void {
    if (this.#end) return;
    this.giveUp();
    this.#onDisposed();
  }

  /** Fails everything, now and later, with `error`. Only the first call counts. */
  end(error: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    this.giveUp();
    this.waiting.fail(error);
    callListeners(this, () => error);
  }

  onBroken(listener: BrokenListener): void {
    if (this.#end) listener.call(this.#end.error);
    else listener.waitAt(this);
  }

  override drop(): void {
    if (!this.canSubmit) this.#forget();
  }
}

/** A target that changes. */
export class FollowedTarget extends Followed {
  #target: StubHook | undefined;
  #session: CallsOfSession | undefined;
  #isPaused = false;

  get target(): StubHook | undefined {
    return this.#target;
  }

  protected get isReady(): boolean {
    return this.#target !== undefined && !this.#isPaused;
  }

  protected make(call: RepeatableCall): void {
    call.make(this.#target!, this.#session);
  }

  /** Makes the calls on `target` from now on, those that wait first. Takes over `target`. */
  follow(target: StubHook, session: CallsOfSession | undefined): void {
    if (this.isOver || !this.canSubmit) {
      target.dispose();
      return;
    }
    this.#target?.dispose();
    this.#target = target;
    this.#session = session;
    this.#isPaused = false;
    this.makeWaiting();
  }

  /** Has calls wait, until {@link proceed} or another target. */
  pause(): void {
    this.#isPaused = true;
  }

  proceed(): void {
    this.#isPaused = false;
    this.makeWaiting();
  }

  /** Gives up the target, and has calls wait for another one. */
  leave(): void {
    this.#target?.dispose();
    this.#target = undefined;
    this.#session = undefined;
  }

  protected giveUp(): void {
    this.leave();
  }
}
