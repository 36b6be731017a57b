import type { Clock } from "./clock.ts";
import type { LiveSession } from "./live-session.ts";

/** Milliseconds between two looks at a session that is about to be left. */
const LOOK = 25;

/** The sessions whose peers have asked to be left. Each is closed once its calls are over. */
export class Retirement {
  readonly #clock: Clock;
  /** The sessions, and the functions that cancel their next look. */
  readonly #leaving = new Map<LiveSession, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Closes a session once all its results are there, at two looks. Those that nothing awaits are
   * asked for, because something may await them later.
   *
   * @param deadline the time, on the clock, at which it is closed in any case
   */
  add(live: LiveSession, deadline: number): void {
    this.#lookLater(live, deadline, false);
  }

  #lookLater(live: LiveSession, deadline: number, wasIdle: boolean): void {
    const cancel = this.#clock.after(LOOK, () => this.#look(live, deadline, wasIdle));
    this.#leaving.set(live, cancel);
  }

  #look(live: LiveSession, deadline: number, wasIdle: boolean): void {
    const isIdle = live.followed.askForResults();
    if (live.end) this.#leaving.delete(live);
    else if ((isIdle && wasIdle) || this.#clock.now() >= deadline) {
      this.#leaving.delete(live);
      live.close();
    } else this.#lookLater(live, deadline, isIdle);
  }

  /** Closes all sessions now. */
  end(): void {
    for (const [live, cancel] of this.#leaving) {
      cancel();
      live.close();
    }
    this.#leaving.clear();
  }
}
