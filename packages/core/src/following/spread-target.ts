import type { StubHook } from "../model/hook.ts";
import type { FollowingPolicy, RepeatableCall } from "./followed-source.ts";
import { Followed, type FollowedTarget } from "./followed-target.ts";

/** The choice between targets. */
export interface Choice<T> {
  /** True if there is a target for a call. */
  isReady(): boolean;
  /** The target of the next call. Called once for each call, and only if there is one. */
  choose(): T;
  /** All targets, of which references to any stand for it. */
  all(): Iterable<T>;
}

/** Several targets of the same kind. Each call is made on one of them. */
export class SpreadTarget extends Followed {
  readonly #choice: Choice<FollowedTarget>;

  constructor(policy: FollowingPolicy, choice: Choice<FollowedTarget>, onDisposed: () => void) {
    super(policy, onDisposed);
    this.#choice = choice;
  }

  get target(): undefined {
    return undefined;
  }

  override get chosen(): StubHook | undefined {
    return this.isReady ? this.#choice.choose().chosen : undefined;
  }

  /** Each peer gets its own, so that a `map()` needs no calls back. */
  override idFor(session: object): number | undefined {
    for (const target of this.#choice.all()) {
      const id = target.idFor(session);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  protected get isReady(): boolean {
    return this.#choice.isReady();
  }

  protected make(call: RepeatableCall): void {
    this.#choice.choose().submit(call);
  }

  protected giveUp(): void {}
}
