import { PlanLimitError } from "../errors.ts";
import type { PlanLimitName, PlanLimits } from "../shape/limits.ts";
import type { Meter } from "../values/meter.ts";
import type { Unfinished } from "../values/work.ts";
import { PROCESS, type SessionWork } from "./session-work.ts";
import { TURNS } from "./turns.ts";
import { Rest, type Wait } from "./wait.ts";

/** Steps between two looks at the clock. */
const STEPS_PER_LOOK = 256;

/** Work that ends when its account is stopped. */
export interface Stoppable {
  stop(reason: unknown): void;
}

/**
 * The steps, bytes and time of a plan, and of the plans that it runs. The first limit that one of
 * them exceeds stops all of them.
 */
export class Account implements Meter {
  readonly limits: PlanLimits;
  /** The work of all plans of the session. */
  readonly session: SessionWork;
  readonly #runs = new Set<Stoppable>();
  readonly #endsAt: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #signal: AbortSignal | undefined;
  #stopped: { readonly reason: unknown } | undefined;
  #steps: number;
  #bytes: number;
  #held = 0;
  #isEnded = false;
  #untilLook = STEPS_PER_LOOK;
  #rest: Rest | undefined;

  /** @param signal stops the work when it aborts */
  constructor(limits: PlanLimits, session: SessionWork, signal: AbortSignal | undefined) {
    this.limits = limits;
    this.session = session;
    this.#steps = limits.maxSteps;
    this.#bytes = limits.maxBytes;
    const now = performance.now();
    this.#endsAt = now + limits.maxTime;
    this.#timer = startTimer(() => this.stop(this.#limitError("maxTime")), limits.maxTime);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#aborted);
    if (signal?.aborted) this.#aborted();
  }

  /** True if work of the account must not go on. */
  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.limits.maxSteps - this.#steps;
  }

  spend(steps: number): void {
    this.#steps -= steps;
    this.#untilLook -= steps;
    if (this.#steps < 0) this.exceed("maxSteps");
  }

  get isDue(): boolean {
    return this.#untilLook <= 0;
  }

  make(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) this.exceed("maxBytes");
    this.hold(bytes);
  }

  /** Counts memory until the end, that of values or what it takes to run. The plan has no limit. */
  hold(bytes: number): void {
    // Work that was stopped ends at its next step.
    if (this.#isEnded) return;
    this.#held += bytes;
    PROCESS.hold(this.session, bytes);
    const { maxSessionBytes, maxProcessBytes } = this.limits;
    if (this.session.bytes > maxSessionBytes) this.exceed("maxSessionBytes");
    if (PROCESS.isOver(this.session, maxProcessBytes)) this.exceed("maxProcessBytes");
  }

  /**
   * Counts a step that begins.
   *
   * @returns the pause that must come before the step, if it is time for one
   * @throws the reason of the stop, once the account was stopped
   */
  begin(): Wait | undefined {
    this.check();
    this.spend(1);
    if (this.isDue) this.#look();
    return this.#rest;
  }

  /**
   * Looks at the clock before a step that had to wait: thousands may have waited for one call.
   *
   * @returns the pause that must come first, if it is time for one
   * @throws the reason of the stop, once the account was stopped
   */
  goOn(): Wait | undefined {
    this.check();
    if (--this.#untilLook <= 0) this.#look();
    return this.#rest;
  }

  /**
   * Does the rest of work, with pauses where it is time for them.
   *
   * @throws the reason of the stop, once the account was stopped
   */
  async finish<T>({ work }: Unfinished<T>): Promise<T> {
    for (;;) {
      this.check();
      if (this.isDue) this.#look();
      if (this.#rest) await this.#rest.done;
      else {
        const part = work.next();
        if (part.done) return part.value;
      }
    }
  }

  /** @throws the reason of the stop, once the account was stopped */
  check(): void {
    if (this.#stopped) throw this.#stopped.reason;
  }

  #look(): void {
    this.#untilLook = STEPS_PER_LOOK;
    const now = performance.now();
    if (now >= this.#endsAt) this.exceed("maxTime");
    if (this.#rest || !TURNS.isOver(now)) return;
    const goOn = () => {
      this.#rest = undefined;
    };
    this.#rest = new Rest(TURNS.next(this.session).then(goOn));
  }

  /** Stops all work, because it went over a limit. @throws LimitError always */
  exceed(limit: PlanLimitName): never {
    const error = this.#limitError(limit);
    this.stop(error);
    throw error;
  }

  #limitError(limit: PlanLimitName): PlanLimitError {
    return new PlanLimitError(this.limits, limit);
  }

  /** Stops all work of the account. Idempotent. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = { reason };
    this.end();
    for (const run of this.#runs) run.stop(reason);
  }

  readonly #aborted = () => this.stop(this.#signal?.reason);

  /** Notes work that a stop must end. */
  add(run: Stoppable): void {
    this.#runs.add(run);
  }

  remove(run: Stoppable): void {
    this.#runs.delete(run);
  }

  /** Gives back the bytes, and ends the account's own waiting. Idempotent. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    PROCESS.hold(this.session, -this.#held);
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#aborted);
  }
}

/** Timers can't wait for longer. */
const LONGEST_TIMER = 2 ** 31 - 1;

function startTimer(callback: () => void, ms: number): ReturnType<typeof setTimeout> | undefined {
  return ms > LONGEST_TIMER ? undefined : setTimeout(callback, ms);
}
