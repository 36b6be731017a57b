import { runtime } from "../default-runtime.ts";
import type { RpcStub } from "../types/index.ts";
import { FollowedTargetHook } from "./followed-hook.ts";
import type { FollowingPolicy } from "./followed-source.ts";
import type { Following } from "./following.ts";
import { type Choice, SpreadTarget } from "./spread-target.ts";

/**
 * A stub of several targets of the same kind, each of which is a {@link Following}. Each call goes
 * to one of them, and operations on its result to the same.
 *
 * @typeParam T the objects behind the targets
 */
export class Spread<T> {
  readonly #target: SpreadTarget;
  readonly #stub: RpcStub<T>;

  /**
   * @param policy decides which calls may wait, and be made again
   * @param choice decides where each call goes
   * @param onDisposed called when the last reference is disposed of, unless it has ended
   */
  constructor(
    policy: FollowingPolicy,
    choice: Choice<Following<T>>,
    onDisposed: () => void = () => {},
  ) {
    const targets = {
      isReady: () => choice.isReady(),
      choose: () => choice.choose().followed,
      all: () => Array.from(choice.all(), ({ followed }) => followed),
    };
    this.#target = new SpreadTarget(policy, targets, onDisposed);
    this.#stub = runtime.makeStub(new FollowedTargetHook(this.#target, runtime)) as RpcStub<T>;
  }

  /** The stub, the same each time. Its owner disposes of it. */
  get stub(): RpcStub<T> {
    return this.#stub;
  }

  /** Makes the calls that wait, because there is a target again. */
  proceed(): void {
    this.#target.makeWaiting();
  }

  /** Fails all calls, now and later, with `error`. Only the first call counts. */
  end(error: unknown): void {
    this.#target.end(error);
  }
}
