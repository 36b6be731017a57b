import { silentError, stalledError } from "./errors.ts";

/**
 * The times after which a side sends a sign of life, and gives up a peer that sends none. A peer
 * that is stopped is noticed within `interval + timeout`, as over WebSockets.
 */
export interface KeepAliveOptions {
  /**
   * Milliseconds of sending nothing after which an empty frame is sent. Default 10,000, which is
   * also the most that the framing allows (docs/framing.md).
   */
  interval?: number | undefined;
  /**
   * Milliseconds that the peer then has. It is given up if it has sent nothing, or taken no write,
   * for `interval + timeout`. Default 30,000.
   */
  timeout?: number | undefined;
  /**
   * True if silence also counts against a peer that has never sent an empty frame. Default `false`:
   * such a peer has no keep-alive, and may just have nothing to say.
   */
  required?: boolean | undefined;
}

const DEFAULT_INTERVAL = 10_000;
const DEFAULT_TIMEOUT = 30_000;

/** The actions of a {@link KeepAlive}. */
export interface KeepAliveActions {
  /** Sends an empty frame. */
  ping(): void;
  /** Ends the session, because the peer is stopped or gone. */
  giveUp(reason: Error): void;
}

/**
 * Notices a peer that is stopped. No transport does so by itself, because the peer's kernel still
 * acknowledges data.
 *
 * Counts the ticks of a timer and reads no clock: a process that was stopped itself, or whose
 * computer slept, must not mistake that time for its peer's silence.
 */
export class KeepAlive {
  readonly #interval: number;
  readonly #timeout: number;
  readonly #actions: KeepAliveActions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silenceCounts: boolean;
  #hasSent = false;
  #isWriting = false;
  #isPaused = false;
  /** Ticks since bytes last came, and since a write was last taken. */
  #silent = 0;
  #stalled = 0;

  constructor(options: KeepAliveOptions, actions: KeepAliveActions) {
    this.#interval = options.interval ?? DEFAULT_INTERVAL;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.#silenceCounts = options.required ?? false;
    this.#actions = actions;
  }

  start(): void {
    // Twice as often as needed. Otherwise, a message sent right after a tick could put off the next
    // empty frame by two intervals.
    this.#timer = setInterval(() => this.#tick(), this.#interval / 2);
    // The connection keeps a process of Node running as long as it should; a timer mustn't.
    (this.#timer as { unref?(): void }).unref?.();
    // Sent at once, whatever else there is to send: it tells the peer that silence will mean
    // failure.
    this.#actions.ping();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Stops counting silence, because this side doesn't read until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#silent = 0;
  }

  /** Notes that bytes came. */
  received(): void {
    this.#silent = 0;
  }

  /**
   * Notes that an empty frame came: the peer has a keep-alive, so its silence counts from now on.
   */
  receivedPing(): void {
    this.#silenceCounts = true;
  }

  writing(): void {
    this.#hasSent = true;
    this.#isWriting = true;
  }

  written(): void {
    this.#isWriting = false;
    this.#stalled = 0;
  }

  #tick(): void {
    const most = this.#interval + this.#timeout;
    const endAt = Math.floor((2 * most) / this.#interval);
    if (this.#silenceCounts && !this.#isPaused && ++this.#silent >= endAt) {
      this.#actions.giveUp(silentError(most));
    } else if (this.#isWriting && ++this.#stalled >= endAt) {
      this.#actions.giveUp(stalledError(most));
    } else {
      if (!this.#hasSent && !this.#isWriting) this.#actions.ping();
      this.#hasSent = false;
    }
  }
}
