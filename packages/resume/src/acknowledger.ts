import type { Clock } from "./clock.ts";

/** Bytes after which received frames are acknowledged at once. */
const MOST_BYTES = 65_536;

/** Milliseconds after which received frames are acknowledged. */
const MOST_TIME = 1_000;

/** Acknowledgements per buffer of the peer, so that it never waits for one. */
const PARTS = 4;

/** Counts the frames that a session receives, and decides when they are acknowledged. */
export class Acknowledger {
  readonly #clock: Clock;
  readonly #send: (received: number) => void;
  #mostBytes = MOST_BYTES;
  #received = 0;
  /** Bytes since the last acknowledgement. */
  #bytes = 0;
  #cancel: (() => void) | undefined;

  /** @param send sends an acknowledgement of that many frames */
  constructor(clock: Clock, send: (received: number) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** The number of frames that the session received. */
  get received(): number {
    return this.#received;
  }

  /** Notes how much the peer keeps: a small buffer asks for more acknowledgements. */
  peerKeeps(bytes: number | undefined): void {
    this.#mostBytes = Math.min(MOST_BYTES, (bytes ?? MOST_BYTES * PARTS) / PARTS);
  }

  /** Counts a frame. */
  count(size: number): void {
    this.#received++;
    this.#bytes += size;
    if (this.#bytes >= this.#mostBytes) this.now();
    else this.#cancel ??= this.#clock.after(MOST_TIME, () => this.now());
  }

  /** Acknowledges everything so far. */
  now(): void {
    this.stop();
    this.#send(this.#received);
  }

  /** Waits for the next frame, because the peer has been told, or there's no connection. */
  stop(): void {
    this.#bytes = 0;
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
