import type { EncodingLevel, Transport, TransportReceiver } from "@capnweb/core";
import { type ControlContent, probeFrames, writeControl } from "./control.ts";
import { ResumeError } from "./errors.ts";
import { frameSize } from "./frame-size.ts";
import { Queue } from "./queue.ts";

/** Takes what a connection delivers. */
export interface ConnectionHandler {
  take(frame: unknown): void;
  /** Called once, when the connection is gone. */
  lost(reason: unknown): void;
  /** Called when the peer will send nothing more, but still accepts messages. */
  ended?(reason: unknown): void;
  /** Asks the peer's session for a sign of life. */
  probe?(): void;
}

/** Bytes of frames without a handler from which the peer is held back, if the medium can. */
const MANY_WAITING = 65_536;

/** Values of a tree that are counted: see {@link frameSize}. */
const MOST_NODES = 4_096;

/**
 * One connection under a session: a transport that is fenced off once the session has left it, so
 * that nothing late can harm the next one. Frames wait until there is a handler for them.
 */
export class Connection implements TransportReceiver {
  readonly #transport: Transport;
  readonly #mostWaiting: number;
  #handler: ConnectionHandler | undefined;
  #waiting = new Queue();
  #waitingBytes = 0;
  #largest = 0;
  #lost: { readonly reason: unknown } | undefined;
  #ended: { readonly reason: unknown } | undefined;
  /** True if the session has left: nothing is handed on any more. */
  #isFenced = false;
  #isDelivering = false;
  #isLossTold = false;
  /** The number of frames still to come that nothing uses. */
  #toDrop = 0;
  #holdsBack = false;
  #changed: (() => void) | undefined;

  /**
   * @param transport not started yet; owned from now on
   * @param mostWaiting bytes of frames without a handler above which the connection is given up.
   *   The largest frame doesn't count
   */
  constructor(transport: Transport, mostWaiting: number) {
    this.#transport = transport;
    this.#mostWaiting = mostWaiting;
  }

  get level(): EncodingLevel {
    return this.#transport.encodingLevel ?? "string";
  }

  get isBinary(): boolean {
    return this.#transport.isBinary ?? false;
  }

  /** The transport, for members that only a session without resuming uses. */
  get transport(): Transport {
    return this.#transport;
  }

  /** True unless the connection is gone, or the session has left it. */
  get isAlive(): boolean {
    return !this.#isFenced && this.#lost === undefined;
  }

  /** The reason for which the connection is gone. */
  get lossReason(): unknown {
    return this.#lost?.reason;
  }

  /** Starts the transport. One that fails counts as lost. */
  start(): void {
    try {
      this.#transport.start(this);
    } catch (error) {
      this.close(error);
    }
  }

  // Incoming.

  receive(frame: unknown): void {
    if (!this.isAlive) return;
    if (this.#toDrop > 0) this.#toDrop--;
    else if (this.#handler && !this.#isDelivering && this.#waiting.length === 0) {
      this.#handler.take(frame);
    } else {
      this.#wait(frame);
    }
  }

  end(reason: unknown): void {
    this.#ended = { reason };
    if (this.#handler?.ended) this.#deliver();
    else this.close(reason);
  }

  close(reason: unknown): void {
    if (this.#lost) return;
    this.#lost = { reason: typeof reason === "function" ? (reason as () => unknown)() : reason };
    this.#deliver();
    this.#changed?.();
  }

  /** Asks the peer's session for a sign of life, for a transport that has no pings. */
  probe(): void {
    if (this.isAlive) this.#handler?.probe?.();
  }

  /** Hands everything that waits, and everything from now on, to `handler`. */
  handTo(handler: ConnectionHandler): void {
    this.#handler = handler;
    this.#deliver();
  }

  /** Keeps frames from now on, until there is a handler again. */
  hold(): void {
    this.#handler = undefined;
  }

  /**
   * The next frame, without taking it. Only while there's no handler.
   *
   * @throws the reason of the loss
   */
  async peek(): Promise<unknown> {
    while (this.#waiting.length === 0 && this.isAlive) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    if (this.#waiting.length === 0 || this.#isFenced) throw this.#lost?.reason;
    return this.#waiting.first;
  }

  /** Drops the frame that {@link peek} returned. */
  drop(): void {
    this.#unwait();
    if (this.#waiting.length === 0) this.#letGo();
  }

  /** Drops the next frames, some of which may not have arrived yet. */
  dropNext(count: number): void {
    let left = count;
    while (left > 0 && this.#waiting.length > 0) {
      this.drop();
      left--;
    }
    this.#toDrop = left;
  }

  #wait(frame: unknown): void {
    const size = frameSize(frame, MOST_NODES);
    this.#waiting.push(frame);
    this.#waitingBytes += size;
    this.#largest = Math.max(this.#largest, size);
    this.#changed?.();
    if (this.#waitingBytes - this.#largest > this.#mostWaiting) {
      const error = new ResumeError(
        "RESUME_PROTOCOL",
        `The peer sent more than ${this.#mostWaiting} bytes before it was accepted.`,
      );
      this.#clear();
      this.close(error);
      this.#abort(error);
    } else if (this.#waitingBytes > MANY_WAITING && !this.#holdsBack) {
      this.#holdsBack = true;
      this.#transport.pause?.();
    }
  }

  #unwait(): unknown {
    const frame = this.#waiting.shift();
    this.#waitingBytes -= frameSize(frame, MOST_NODES);
    return frame;
  }

  #clear(): void {
    this.#waiting = new Queue();
    this.#waitingBytes = 0;
  }

  /** Delivers what waits. A handler may change meanwhile, and frames may arrive. */
  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      while (this.#handler && !this.#isFenced && this.#waiting.length > 0) {
        this.#handler.take(this.#unwait());
      }
    } finally {
      this.#isDelivering = false;
    }
    if (!this.#handler || this.#isFenced || this.#waiting.length > 0) return;
    this.#letGo();
    this.#tellEnd(this.#handler);
  }

  #tellEnd(handler: ConnectionHandler): void {
    if (this.#ended && !this.#lost && handler.ended) {
      const { reason } = this.#ended;
      this.#ended = undefined;
      handler.ended(reason);
    } else if (this.#lost && !this.#isLossTold) {
      this.#isLossTold = true;
      handler.lost(this.#lost.reason);
    }
  }

  #letGo(): void {
    this.#largest = 0;
    if (!this.#holdsBack) return;
    this.#holdsBack = false;
    if (this.isAlive) this.#transport.resume?.();
  }

  // Outgoing.

  /** @throws the transport's error */
  send(frame: unknown): number | void {
    return this.#transport.send(frame);
  }

  /** Sends a control message at once. */
  tell(content: ControlContent): void {
    this.#sendNow([writeControl(content, this.level)]);
  }

  /** Sends the frames by which a peer without `resume` reveals itself. */
  probeResume(): void {
    this.#sendNow(probeFrames(this.level));
  }

  /** Sends frames of this side's own. A connection that can't take them counts as lost. */
  #sendNow(frames: readonly unknown[]): void {
    if (!this.isAlive) return;
    try {
      for (const frame of frames) this.#transport.send(frame);
      this.#transport.flush?.();
    } catch (error) {
      this.close(error);
    }
  }

  flush(): void {
    this.#transport.flush?.();
  }

  whenWritable(): Promise<void> | undefined {
    return this.#transport.whenWritable?.();
  }

  pause(): void {
    this.#transport.pause?.();
  }

  resume(): void {
    if (!this.#holdsBack) this.#transport.resume?.();
  }

  /** Leaves the connection: closes it, and ignores everything late. */
  leave(reason: unknown): void {
    if (this.#isFenced) return;
    this.#isFenced = true;
    this.#clear();
    this.#changed?.();
    if (!this.#lost) this.#abort(reason);
  }

  #abort(reason: unknown): void {
    try {
      this.#transport.abort(reason);
    } catch {
      // It is closed as far as the session is concerned.
    }
  }
}
