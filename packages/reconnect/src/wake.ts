import type { Clock } from "./clock.ts";

/** The milliseconds between two looks at the clock. */
const TICK = 5_000;
/** The lateness from which a timer shows that the computer slept. */
const JUMP = 5_000;

/** An object that dispatches the events of a page. */
type Events = Pick<EventTarget, "addEventListener" | "removeEventListener">;

/**
 * Notices that a device may have lost its connection, or got its network back: a page becomes
 * visible or is resumed, the network is there again, or a timer is late because the computer slept.
 */
export class Wake {
  readonly #clock: Clock;
  readonly #onWake: () => void;
  readonly #stops: (() => void)[] = [];
  #cancelTick: (() => void) | undefined;

  constructor(clock: Clock, onWake: () => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  start(): void {
    const { document, addEventListener } = globalThis as {
      document?: Events & { readonly visibilityState?: string };
      addEventListener?: unknown;
    };
    if (document) {
      const look = () => document.visibilityState === "visible" && this.#onWake();
      this.#listen(document, "visibilitychange", look);
      this.#listen(document, "resume", look);
    }
    if (typeof addEventListener === "function") {
      this.#listen(globalThis, "online", this.#onWake);
      this.#listen(globalThis, "pageshow", this.#onWake);
    }
    this.#tick();
  }

  #listen(target: Events, type: string, listener: () => void): void {
    target.addEventListener(type, listener);
    this.#stops.push(() => target.removeEventListener(type, listener));
  }

  #tick(): void {
    const before = this.#clock.wall();
    this.#cancelTick = this.#clock.after(
      TICK,
      () => {
        this.#tick();
        if (this.#clock.wall() - before > TICK + JUMP) this.#onWake();
      },
      true,
    );
  }

  stop(): void {
    this.#cancelTick?.();
    for (const stop of this.#stops.splice(0)) stop();
  }
}
