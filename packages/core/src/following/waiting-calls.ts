import type { FollowingPolicy, RepeatableCall } from "./followed-source.ts";

/** The calls that wait for a target, in order. */
export class WaitingCalls {
  readonly #policy: FollowingPolicy;
  readonly #calls: RepeatableCall[] = [];
  #isMaking = false;

  constructor(policy: FollowingPolicy) {
    this.#policy = policy;
  }

  /** True if calls wait, or are being made, so that a new one has to wait as well. */
  get isBusy(): boolean {
    return this.#isMaking || this.#calls.length > 0;
  }

  /** True if no call waits that is still wanted. */
  get isEmpty(): boolean {
    return this.#calls.every((call) => call.isOver);
  }

  /** Has a call wait, or fail if the policy refuses it. */
  add(call: RepeatableCall): void {
    try {
      this.#policy.waits(call);
    } catch (error) {
      call.fail(error);
      return;
    }
    call.waitsFor = this.#policy;
    // A call that is made again was made before those that wait already.
    let place = this.#calls.length;
    while (place > 0 && this.#calls[place - 1]!.order > call.order) place--;
    this.#calls.splice(place, 0, call);
  }

  /**
   * Makes the calls. Their arguments may run code that makes more, which wait, or that ends this.
   *
   * @param make makes a call, unless that is impossible now
   * @param isPossible says so
   */
  makeAll(make: (call: RepeatableCall) => void, isPossible: () => boolean): void {
    if (this.#isMaking) return;
    this.#isMaking = true;
    while (isPossible()) {
      const call = this.#calls.shift();
      if (!call) break;
      if (call.isOver) continue;
      call.waitsFor = undefined;
      this.#policy.left(call);
      make(call);
    }
    this.#isMaking = false;
  }

  /** Fails all calls. */
  fail(error: unknown): void {
    for (const call of this.#calls.splice(0)) call.fail(error);
  }
}
