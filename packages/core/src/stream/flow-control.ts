/** A message in flight whose size counts against the window. */
export interface InFlight {
  readonly size: number;
  /** The time of sending. */
  readonly at: number;
  /** The bytes acknowledged by then. */
  readonly before: number;
}

const INITIAL_WINDOW = 256 * 1024;
const MIN_WINDOW = 64 * 1024;
const MAX_WINDOW = 1024 * 1024 * 1024;

/**
 * The factor by which the window exceeds the estimated bandwidth-delay product, so that it can
 * grow.
 */
const HEADROOM = 2;
/**
 * Milliseconds for which one end may be busy, for example with garbage collection, while the other
 * still has work. On a fast connection, that is most of the window.
 */
const PAUSE = 2;
const MOST_GROWTH = 1.25;
const MOST_SHRINKING = 0.9;

/**
 * The flow control of the streams that were written to, and haven't ended. It refers to nothing, so
 * that a stream which is forgotten can be collected.
 */
export const openFlows = /* @__PURE__ */ new Set<FlowControl>();

/**
 * The window of a stream, in bytes in flight: enough to keep the connection busy, but not so many
 * that they pile up in front of a slow reader. The window follows the bandwidth-delay product,
 * estimated from acknowledgements as in BBR: the rate at which bytes were acknowledged during a
 * message's round trip, times the shortest round trip seen, plus an allowance for pauses of the
 * ends.
 */
export class FlowControl {
  #window = INITIAL_WINDOW;
  #inFlight = 0;
  #acknowledged = 0;
  #shortestRoundTrip = Infinity;
  #bestRate = 0;
  #starting = true;
  /**
   * The message whose round trip is measured. It is one that filled the window, because a window
   * that isn't full shows the application's rate, not the connection's.
   */
  #probe: InFlight | undefined;

  get window(): number {
    return this.#window;
  }

  /** The bytes in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.#window;
  }

  /** @param now milliseconds on any monotonic clock */
  sent(size: number, now: number): InFlight {
    const message = { size, at: now, before: this.#acknowledged };
    this.#inFlight += size;
    if (!this.hasRoom) this.#probe ??= message;
    return message;
  }

  acknowledged(message: InFlight, now: number): void {
    this.#inFlight -= message.size;
    this.#acknowledged += message.size;
    // Clocks in browsers are coarse, and a round trip of no time would make an infinite rate.
    const roundTrip = Math.max(now - message.at, 0.01);
    this.#shortestRoundTrip = Math.min(this.#shortestRoundTrip, roundTrip);
    if (message !== this.#probe) return;
    this.#probe = undefined;
    /** Bytes per millisecond acknowledged during the round trip. */
    const rate = (this.#acknowledged - message.before) / roundTrip;
    let window = this.#window * 2;
    this.#starting &&= rate > this.#bestRate * MOST_GROWTH;
    if (!this.#starting) {
      window = Math.min(
        Math.max(
          rate * (this.#shortestRoundTrip * HEADROOM + PAUSE),
          this.#window * MOST_SHRINKING,
        ),
        this.#window * MOST_GROWTH,
      );
    }
    this.#bestRate = Math.max(this.#bestRate, rate);
    this.#window = Math.min(Math.max(window, MIN_WINDOW), MAX_WINDOW);
  }
}
