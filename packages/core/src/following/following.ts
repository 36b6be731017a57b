import { runtime } from "../default-runtime.ts";
import { CanceledError } from "../errors.ts";
import { takeHook } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import { pullInto } from "../model/hook.ts";
import type { RpcStub } from "../types/index.ts";
import { FollowedTargetHook } from "./followed-hook.ts";
import type { FollowedSession } from "./followed-session.ts";
import type { FollowingPolicy } from "./followed-source.ts";
import { FollowedTarget } from "./followed-target.ts";

/**
 * A stub whose target changes: one stub for ever, over any number of sessions. For libraries that
 * replace lost connections.
 *
 * Calls on the stub are made on its current target. While there is none, they wait in order. A call
 * that never left its session when that ended is made again on the next target. A call that may
 * have run is made again only if it is idempotent, once. Its arguments live as long as that may
 * happen.
 *
 * `onRpcBroken` of the stub calls back when {@link end} is called, not when a session ends.
 *
 * @typeParam T the object behind the stub
 *
 * @example
 * ```ts
 * const following = new Following<Api>(policy);
 * const session = new FollowedSession(transport, undefined, {}, lossError);
 * following.follow(session.session.getRemoteMain().dup(), session);
 * session.session.onClose(() => {
 *   following.leave();
 *   session.makeUnsentAgain();
 * });
 * ```
 */
export class Following<T> {
  readonly #target: FollowedTarget;
  readonly #stub: RpcStub<T>;

  /**
   * @param policy decides which calls may wait, and be made again
   * @param onDisposed called when the last reference is disposed of, unless it has ended
   */
  constructor(policy: FollowingPolicy, onDisposed: () => void = () => {}) {
    this.#target = new FollowedTarget(policy, onDisposed);
    this.#stub = runtime.makeStub(new FollowedTargetHook(this.#target, runtime)) as RpcStub<T>;
  }

  /** The stub, the same each time. Its owner disposes of it. */
  get stub(): RpcStub<T> {
    return this.#stub;
  }

  /** True if it has ended, so that every call fails. */
  get isOver(): boolean {
    return this.#target.isOver;
  }

  /**
   * Makes calls on `target` from now on, those that wait first.
   *
   * @param target a stub or promise, which is taken over; anything else is passed by value
   * @param session the session that it belongs to; `undefined` if it is local
   * @param onFailure called if `target` is a promise that rejects, unless its session is lost. With
   *   it, the promise is asked for
   */
  follow(
    target: unknown,
    session: FollowedSession | undefined,
    onFailure?: (error: unknown) => void,
  ): void {
    const handle = handleIfStub(target);
    const hook = handle
      ? handle.path.length === 0
        ? takeHook(handle)
        : handle.target()
      : runtime.hookOfHandedIn(target);
    const calls = session?.calls;
    if (onFailure) {
      const reject = (error: unknown) => {
        // Given up, because there is another target.
        const isStale = error instanceof CanceledError;
        if (!isStale && !calls?.executionOf(error)) onFailure(error);
      };
      pullInto(hook, { resolve() {}, reject });
    }
    this.#target.follow(hook, calls);
  }

  /** Gives up the target. Calls wait from now on, until there is another one. */
  leave(): void {
    this.#target.leave();
  }

  /** Has calls wait, although the target stays. */
  pause(): void {
    this.#target.pause();
  }

  /** Makes the calls that wait, after {@link pause}. */
  proceed(): void {
    this.#target.proceed();
  }

  /** Fails all calls, now and later, with `error`. Only the first call counts. */
  end(error: unknown): void {
    this.#target.end(error);
  }

  /** The target that calls are made on. For this package only. */
  get followed(): FollowedTarget {
    return this.#target;
  }
}
