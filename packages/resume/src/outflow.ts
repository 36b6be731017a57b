import type { Connection } from "./connection.ts";
import { ResumeError } from "./errors.ts";
import { frameSize } from "./frame-size.ts";
import type { KeptCount, KeptFrames } from "./kept-bytes.ts";
import { ReplayLog } from "./replay-log.ts";

/** The answer to the question of whether frames can be sent again from a number on. */
export type Replayable = "yes" | "gone" | "invalid";

/** Bytes that are kept for the peer, unless an option says otherwise. */
export const DEFAULT_BUFFER = 1024 * 1024;

/** Bounds on the bytes that are kept for the peer. */
export interface OutflowLimits {
  /** Bytes above which streams wait. */
  readonly buffer: number;
  /** Bytes that may be kept beside the largest frame. */
  readonly maxBuffered: number;
}

/** Connections in a row that may fail to take the same frame. */
const MOST_FAILURES = 5;

/**
 * The frames on their way out of a session. They are kept until the peer has acknowledged them, and
 * sent over one connection after another.
 */
export class Outflow implements KeptFrames {
  readonly #log = new ReplayLog();
  readonly #limits: OutflowLimits;
  readonly #unsendable: (error: unknown) => void;
  readonly #kept: KeptCount | undefined;
  /** The bytes of the log that `#kept` knows of. */
  #counted = 0;
  #connection: Connection | undefined;
  /** The number of the frame that leaves next. */
  #next = 0;
  #written = 0;
  #replayed = 0;
  #isPumping = false;
  /** The frame that the last connection failed to take, and the number of such failures. */
  #failing = -1;
  #failures = 0;
  /** True if the peer is known to acknowledge. Otherwise, no stream waits for that. */
  #isAcknowledged = false;
  #isPlain = false;
  #plainSent = 0;
  #isOver = false;
  #writable: Promise<void> | undefined;
  #change: { readonly promise: Promise<void>; resolve(): void } | undefined;

  /**
   * @param unsendable called when several connections in a row failed to take the same frame
   * @param kept counts the bytes of all sessions
   */
  constructor(limits: OutflowLimits, unsendable: (error: unknown) => void, kept?: KeptCount) {
    this.#limits = limits;
    this.#unsendable = unsendable;
    this.#kept = kept;
  }

  get sent(): number {
    return this.#log.sent + this.#plainSent;
  }

  get written(): number {
    return this.#written + this.#plainSent;
  }

  get acknowledged(): number {
    return this.#log.acknowledged;
  }

  get replayed(): number {
    return this.#replayed;
  }

  get bytes(): number {
    return this.#log.bytes;
  }

  get buffer(): number {
    return this.#limits.buffer;
  }

  /** True if there's no connection, and as many bytes wait as the buffer holds. */
  get isFull(): boolean {
    return !this.#connection && !this.#isPlain && this.#log.bytes >= this.buffer;
  }

  /** True if more waits than may be kept. */
  get isOverfull(): boolean {
    return this.#log.bytesBesideLargest > this.#limits.maxBuffered;
  }

  /**
   * Sends a frame, now or over a later connection.
   *
   * @returns the size that the connection tells
   * @throws the connection's error, if the peer doesn't know `resume`
   */
  send(frame: unknown): number | void {
    if (this.#isPlain && !this.#isPumping) {
      this.#plainSent++;
      return this.#connection?.send(frame);
    }
    this.#log.add(frame, frameSize(frame));
    const size = this.#pump();
    this.#count();
    return size;
  }

  /** Forgets the oldest frames that have left, until the buffer holds the rest. */
  makeRoom(): void {
    while (this.isOverfull && this.#log.first < this.#next) this.#log.forgetOldest();
    this.#count();
  }

  /** Forgets all frames that have left over a connection which is still there. */
  forgetSent(): void {
    if (!this.#connection) return;
    while (this.#log.first < this.#next) this.#log.forgetOldest();
    this.#count();
  }

  #count(): void {
    const delta = this.#log.bytes - this.#counted;
    if (delta === 0) return;
    this.#counted += delta;
    this.#kept?.changed(this, delta);
  }

  /** Says if frames can be sent again to a peer that has received `count` of them. */
  replayableFrom(count: number): Replayable {
    if (count > this.#written || count < this.#log.acknowledged) return "invalid";
    return count < this.#log.first ? "gone" : "yes";
  }

  /** Sends the frames that the peer lacks over a new connection, and then all others. */
  attach(connection: Connection, received: number): void {
    this.#log.acknowledge(received);
    this.#connection = connection;
    this.#next = received;
    this.#pump();
    this.#count();
    connection.flush();
    this.#changed();
  }

  detach(): void {
    this.#connection = undefined;
    this.#changed();
  }

  /** Notes that the peer knows `resume`, and acknowledges what it receives. */
  becomeAcknowledged(): void {
    this.#isAcknowledged = true;
  }

  /** Notes that the peer doesn't know `resume`: nothing is kept from now on. */
  becomePlain(): void {
    this.#isPlain = true;
    if (!this.#isPumping) this.#log.clear();
    this.#count();
    this.#changed();
  }

  /**
   * Forgets the frames that the peer has received.
   *
   * @returns true if some of them are new
   * @throws ResumeError for frames that were never sent
   */
  acknowledge(count: number): boolean {
    if (count > this.#next) {
      throw new ResumeError(
        "RESUME_PROTOCOL",
        `The peer acknowledged ${count} frames, but only ${this.#next} were sent.`,
      );
    }
    if (count <= this.#log.acknowledged) return false;
    this.#log.acknowledge(count);
    this.#count();
    this.#changed();
    return true;
  }

  /** The end of the session: nothing is sent or kept any more. */
  stop(): void {
    this.#isOver = true;
    this.#connection = undefined;
    this.#log.clear();
    this.#count();
    this.#changed();
  }

  /** Settles once streams may go on; `undefined` if they may now. */
  whenWritable(): Promise<void> | undefined {
    if (!this.#congestion()) return undefined;
    this.#writable ??= this.#drained();
    return this.#writable;
  }

  async #drained(): Promise<void> {
    for (let wait = this.#congestion(); wait; wait = this.#congestion()) await wait;
    this.#writable = undefined;
  }

  #congestion(): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    const connection = this.#connection;
    const own = connection?.whenWritable();
    if (own) return Promise.race([own, this.#nextChange()]);
    if (this.#isPlain || this.#log.bytes < this.buffer) return undefined;
    // A peer that may not know `resume` may never acknowledge anything.
    return connection && !this.#isAcknowledged ? undefined : this.#nextChange();
  }

  #nextChange(): Promise<void> {
    if (!this.#change) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#change = { promise, resolve };
    }
    return this.#change.promise;
  }

  #changed(): void {
    this.#change?.resolve();
    this.#change = undefined;
  }

  /** Hands all frames that haven't left to the connection, which may change meanwhile. */
  #pump(): number | void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    let size: number | undefined;
    while (this.#connection?.isAlive && this.#next < this.#log.sent) {
      size = this.#handNext(this.#connection);
    }
    this.#isPumping = false;
    if (this.#isPlain) this.#log.clear();
    return size;
  }

  #handNext(connection: Connection): number | undefined {
    const number = this.#next++;
    if (number < this.#written) this.#replayed++;
    else this.#written = number + 1;
    try {
      return connection.send(this.#log.at(number)) ?? undefined;
    } catch (error) {
      this.#failures = this.#failing === number ? this.#failures + 1 : 1;
      this.#failing = number;
      if (this.#failures >= MOST_FAILURES) this.#unsendable(error);
      else connection.close(error);
      return undefined;
    }
  }
}
