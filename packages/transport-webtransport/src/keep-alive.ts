import { silentError, stalledError } from "./errors.ts";

/** When a side says that it is still there, and when it gives up a peer that doesn't. */
export interface KeepAliveOptions {
  /**
   * Milliseconds after which a side that has sent nothing sends an empty frame. Default 10,000,
   * which is also the most that the framing allows.
   */
  interval?: number | undefined;
  /**
   * Milliseconds of silence, or of a write that isn't taken, after which a peer is given up.
   * Default 30,000.
   */
  timeout?: number | undefined;
  /**
   * Whether the silence of a peer that never sent an empty frame counts as well. Default `false`:
   * such a peer has no keep-alive, and may just have nothing to say.
   */
  required?: boolean | undefined;
}

const DEFAULT_INTERVAL = 10_000;
const DEFAULT_TIMEOUT = 30_000;

/** What a {@link KeepAlive} does. */
export interface KeepAliveActions {
  /** Sends an empty frame. */
  ping(): void;
  /** The peer is stopped, or gone. */
  giveUp(reason: Error): void;
}

/**
 * Notices a peer that is stopped, which no transport does by itself: its kernel goes on
 * acknowledging.
 *
 * Counts ticks of a timer rather than looking at a clock: a process that was itself stopped, or
 * whose computer slept, must not take that for its peer's silence.
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
  /** Ticks since anything came, and since a write was taken. */
  #silent = 0;
  #stalled = 0;

  constructor(options: KeepAliveOptions, actions: KeepAliveActions) {
    this.#interval = options.interval ?? DEFAULT_INTERVAL;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.#silenceCounts = options.required ?? false;
    this.#actions = actions;
  }

  start(): void {
    // Twice as often as needed: what is sent right after a tick must not put off the next frame by
    // two.
    this.#timer = setInterval(() => this.#tick(), this.#interval / 2);
    // Node's timers keep the process running, which is for the connection to do.
    (this.#timer as { unref?(): void }).unref?.();
    // Whatever else there is to send: the peer learns that silence won't be a good sign.
    this.#actions.ping();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** This side reads nothing until {@link resume}: silence is no sign of the peer any more. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#silent = 0;
  }

  /** Bytes came. */
  received(): void {
    this.#silent = 0;
  }

  /** An empty frame came: the peer keeps alive, so that from now on its silence means something. */
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
    const allowed = Math.ceil((2 * this.#timeout) / this.#interval);
    if (this.#silenceCounts && !this.#isPaused && ++this.#silent > allowed) {
      this.#actions.giveUp(silentError(this.#timeout));
    } else if (this.#isWriting && ++this.#stalled > allowed) {
      this.#actions.giveUp(stalledError(this.#timeout));
    } else {
      if (!this.#hasSent && !this.#isWriting) this.#actions.ping();
      this.#hasSent = false;
    }
  }
}
