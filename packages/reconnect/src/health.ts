import type { Clock } from "./clock.ts";
import type { LiveSession } from "./live-session.ts";
import type { HealthOptions } from "./options.ts";

/** Defaults of {@link HealthOptions}, in milliseconds. */
const DEFAULT_INTERVAL = 15_000;
const DEFAULT_TIMEOUT = 10_000;

/** Probes a session at intervals, and ends it if its peer doesn't answer. */
export class Health {
  readonly timeout: number;
  readonly #interval: number;
  readonly #clock: Clock;
  #live: LiveSession | undefined;
  /** The session that is being probed. One that was left may never answer. */
  #probed: LiveSession | undefined;
  #cancel: (() => void) | undefined;

  constructor(
    { interval = DEFAULT_INTERVAL, timeout = DEFAULT_TIMEOUT }: HealthOptions,
    clock: Clock,
  ) {
    this.timeout = timeout;
    this.#interval = interval;
    this.#clock = clock;
  }

  /** Begins to watch a session, instead of the one before. */
  watch(live: LiveSession): void {
    this.stop();
    this.#live = live;
    this.#schedule();
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(
      this.#interval,
      () => {
        this.#schedule();
        this.probe();
      },
      true,
    );
  }

  /** Probes the session now, unless that is under way. */
  probe(): void {
    const live = this.#live;
    if (!live || this.#probed === live) return;
    this.#probed = live;
    const done = () => {
      if (this.#probed === live) this.#probed = undefined;
    };
    live.probe(this.timeout).then(done, (error: unknown) => {
      done();
      if (this.#live === live) live.suspect(error);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#live = undefined;
  }
}
