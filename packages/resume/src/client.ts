import type { Transport, TransportReceiver } from "@capnweb/core";
import { Channel, type ChannelOwner } from "./channel.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { ConnectionKind } from "./connection-kind.ts";
import { type Accepted, type Control, reasonOf } from "./control.ts";
import { Dialer } from "./dialer.ts";
import {
  endedByPeer,
  expired,
  meaningless,
  notSucceeded,
  type ResumeError,
  refusedByPeer,
  sessionGone,
  unsupported,
} from "./errors.ts";
import { Handshake, type HandshakeOwner } from "./handshake.ts";
import { callListener } from "./listeners.ts";
import type { OpenTransport, PeerKind, ResumeOptions } from "./options.ts";
import { Status } from "./status.ts";
import { Timer } from "./timer.ts";

/** Default of `window`, in milliseconds. */
const DEFAULT_WINDOW = 120_000;

/** Default of `maxBuffered`. A program bounds its own calls, so it has room for many. */
const MAX_BUFFERED = 16 * 1024 * 1024;

/**
 * The state machine of the connecting side (docs/resume.md has its table): opens connections, has
 * them greeted, and ends the session when it can't go on.
 */
export class Client implements ChannelOwner, HandshakeOwner {
  readonly channel: Channel;
  readonly status: Status;
  readonly isBinary: boolean;
  readonly #options: ResumeOptions;
  readonly #clock: Clock;
  readonly #dialer: Dialer;
  readonly #handshake: Handshake;
  readonly #kind: ConnectionKind;
  /** The time without a connection after which the session ends. */
  readonly #outage: Timer;
  /** The time in which a new session has to take the connection that this one left. */
  readonly #succession: Timer;
  #receiver: TransportReceiver | undefined;
  #window: number;
  /** The connection in use, or the one that waits for the peer's answer. */
  #current: Connection | undefined;
  #openedAt = 0;
  #lastError: unknown;
  /** The connection on which the peer said that the session is gone. */
  #left: Connection | undefined;
  /** The reason for the end, while the peer isn't told. */
  #leaving: { readonly reason: unknown } | undefined;

  /** @param inherited an open connection to begin with */
  constructor(open: OpenTransport, options: ResumeOptions, inherited?: Connection) {
    const clock = options.clock ?? systemClock;
    this.#options = options;
    this.#clock = clock;
    this.#window = options.window ?? DEFAULT_WINDOW;
    this.#outage = new Timer(clock);
    this.#succession = new Timer(clock);
    this.channel = new Channel(options.encodingLevel ?? "string", this, options, MAX_BUFFERED);
    this.isBinary = options.isBinary ?? this.channel.level === "string";
    this.#kind = new ConnectionKind(this.channel.level, options.isBinary);
    this.status = new Status(options);
    this.#dialer = new Dialer(open, options, clock, {
      opened: (transport) => this.#connected(transport),
      failed: (error) => this.#attemptFailed(error),
      gaveUp: (error) => this.#close(error),
    });
    const { timeout } = this.#dialer;
    this.#handshake = new Handshake(this.channel, this, clock, timeout, inherited !== undefined);
    this.#left = inherited;
  }

  get peer(): PeerKind {
    return this.#handshake.peer;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.channel.start(receiver);
    const { signal } = this.#options;
    if (signal?.aborted) {
      queueMicrotask(this.#onAbort);
      return;
    }
    signal?.addEventListener("abort", this.#onAbort);
    this.#startWindow();
    const left = this.takeLeft();
    if (left?.isAlive) this.#greet(left);
    else this.#dialer.dialNow();
  }

  readonly #onAbort = () => this.#close(this.#options.signal?.reason);

  interrupt(reason: unknown): void {
    if (this.#isOver || !this.#receiver) return;
    if (this.status.state === "open") this.lost(reason);
    if (this.#isOver) return;
    this.#leave(reason);
    this.#dialer.dialNow();
  }

  /** Ends the session. Without a connection, the peer is told over the next one. */
  abort(reason: unknown): void {
    if (this.status.state === "closed") return;
    if (this.status.state === "open" || !this.#receiver || this.#handshake.isUnknown) {
      // One that wasn't started may have got the connection of an earlier session.
      this.takeLeft()?.leave(reason);
      this.#end(reason, "closed");
      return;
    }
    this.#leaving = { reason };
    this.#outage.set(this.#dialer.timeout, () => this.#stop(reason));
    this.#dialer.keepsRunning = false;
    if (!this.#current) this.#dialer.dialNow();
    this.status.become("closed", "closed", reason);
  }

  /** Takes the connection on which the peer said that the session is gone, if there is one. */
  takeLeft(): Connection | undefined {
    const left = this.#left;
    this.#left = undefined;
    this.#succession.cancel();
    return left;
  }

  /** True once nothing is left to do. */
  get #isOver(): boolean {
    return this.status.state === "closed" && !this.#leaving;
  }

  // Connecting.

  #connected(transport: Transport): void {
    const connection = new Connection(transport, MAX_BUFFERED);
    const mismatch = this.#kind.mismatchOf(connection);
    if (mismatch) {
      connection.leave(mismatch);
      this.#close(mismatch);
      return;
    }
    connection.start();
    // Said before the first hello, so that nothing of the session counts as sent.
    if (connection.isAlive) this.#greet(connection);
    else this.#attemptFailed(connection.lossReason);
  }

  #attemptFailed(error: unknown): void {
    this.#lastError = error;
    this.#dialer.dial();
  }

  #greet(connection: Connection): void {
    this.#current = connection;
    this.#handshake.greet(connection);
  }

  // From the handshake.

  isCurrent(connection: Connection): boolean {
    return connection === this.#current;
  }

  accepted({ epoch, window }: Accepted): void {
    this.status.epoch = epoch;
    this.#window = Math.min(this.#window, window ?? this.#window);
  }

  opened(isResumed: boolean): void {
    if (this.#leaving) {
      this.#stop(this.#leaving.reason);
      return;
    }
    this.#handshake.stop();
    this.#outage.cancel();
    this.#openedAt = this.#clock.now();
    this.status.become("open", isResumed ? "resumed" : undefined);
  }

  unsupported(): void {
    this.#close(unsupported(this.#lastError));
  }

  // Losses, and the end.

  lost(reason: unknown): void {
    if (this.#current) this.connectionLost(this.#current, reason);
  }

  connectionLost(connection: Connection, reason: unknown): void {
    if (connection !== this.#current || this.#isOver) return;
    if (this.peer === "plain") {
      this.#close(reason);
      return;
    }
    this.#lastError = reason;
    this.channel.release();
    this.#leave(reason);
    const wasOpen = this.status.state === "open";
    if (wasOpen) {
      this.#startWindow();
      this.status.become("interrupted", undefined, reason);
    }
    if (this.#isOver || this.#current) return;
    // Until the peer has said something, the connection is no more than an attempt.
    const lasted = this.#clock.now() - this.#openedAt;
    this.#dialer.dial(wasOpen && this.peer !== "unknown" ? lasted : undefined);
  }

  /** Leaves the current connection. */
  #leave(reason: unknown): void {
    this.#handshake.stop();
    const current = this.#current;
    this.#current = undefined;
    current?.leave(reason);
  }

  #startWindow(): void {
    this.#outage.set(this.#window, () => this.#close(expired(this.#window, this.#lastError)));
  }

  control(control: Control): void {
    if (control.kind === "goaway") {
      const { deadline } = control;
      callListener(() => this.#options.onGoaway?.({ deadline }), this.#options.onError);
    } else if (control.kind === "closed") {
      this.#close(endedByPeer(control.reason));
    } else if (control.kind === "refused") {
      this.#close(refusedByPeer(control.reason, this.#lastError));
    } else if (control.kind === "fresh") {
      this.#fresh(control.epoch);
    } else {
      this.failed(meaningless(control.kind));
    }
  }

  /** The peer no longer has the session, but can begin another one on this connection. */
  #fresh(epoch: string | undefined): void {
    const connection = this.#current;
    this.#current = undefined;
    this.channel.release();
    connection?.hold();
    this.#handshake.stop();
    this.#left = connection;
    this.#succession.set(this.#dialer.timeout, () => this.takeLeft()?.leave(notSucceeded()));
    this.status.epoch = epoch;
    this.#close(sessionGone(this.#lastError), "fresh");
  }

  failed(error: ResumeError): void {
    this.#close(error);
  }

  heardAck(): void {}

  /** The buffer of this side is the only bound. */
  grew(): void {}

  #close(error: unknown, outcome: "closed" | "fresh" = "closed"): void {
    if (this.#leaving) this.#stop(error);
    if (this.#isOver) return;
    this.#end(error, outcome);
    this.#receiver?.close(error);
  }

  #end(reason: unknown, outcome: "closed" | "fresh"): void {
    this.#stop(reason);
    this.status.become("closed", outcome, reason);
  }

  /** Tells the peer of the end, if there is a connection, and leaves everything. */
  #stop(reason: unknown): void {
    this.#leaving = undefined;
    this.channel.tell({ closed: { reason: reasonOf(reason) } });
    this.channel.stop();
    this.#dialer.cancel();
    this.#outage.cancel();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    if (!this.#left) this.#leave(reason);
  }
}
