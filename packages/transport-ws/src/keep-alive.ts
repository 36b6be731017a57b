import type { TransportReceiver } from "@capnweb/core";
import { silentError, stalledError, type WebSocketClosedError } from "./errors.ts";
import type { WebSocketLike } from "./socket.ts";
import { receivedBytes, takenBytes } from "./tcp-socket.ts";
import { Ticker } from "./ticker.ts";

/**
 * The times after which a silent peer is sent a ping, and given up. A peer that is stopped is
 * noticed within `interval + timeout`.
 */
export interface KeepAliveOptions {
  /** Milliseconds of silence after which the peer is sent a ping. Default 30,000. */
  interval?: number | undefined;
  /**
   * Milliseconds that the peer then has. It is given up if it has sent nothing, or taken none of
   * the data that waits for it, for `interval + timeout`. Default 60,000.
   */
  timeout?: number | undefined;
}

const DEFAULT_INTERVAL = 30_000;
const DEFAULT_TIMEOUT = 60_000;

/** The most milliseconds until a stopped peer is noticed. */
export function longestSilence({
  interval = DEFAULT_INTERVAL,
  timeout = DEFAULT_TIMEOUT,
}: KeepAliveOptions): number {
  return interval + timeout;
}

/**
 * Notices a peer that is gone, or that doesn't read. Neither ends a TCP connection by itself.
 *
 * Every byte that arrives is a sign of life, so a long message on a slow line isn't silence. Only
 * sockets of `ws` show the bytes of incomplete messages.
 */
export class KeepAlive {
  readonly #socket: WebSocketLike;
  readonly #giveUp: (reason: WebSocketClosedError) => void;
  readonly #ticker: Ticker;
  /** Milliseconds until the end, for its error. */
  readonly #most: number;
  /** The ticks of silence until a ping, and until the end. */
  readonly #pingAt: number;
  readonly #endAt: number;
  #ping: (() => void) | undefined;
  #received: number | undefined;
  #taken: number | undefined;
  #silent = 0;
  #stalled = 0;
  /** True if this side currently doesn't read, so that the peer's silence says nothing. */
  isPaused = false;

  /** @param giveUp called with the reason to end the session */
  constructor(
    socket: WebSocketLike,
    options: KeepAliveOptions,
    giveUp: (reason: WebSocketClosedError) => void,
  ) {
    // The ticks in the shorter of both times. A ping leaves at most one tick early.
    const PARTS = 4;
    this.#socket = socket;
    this.#giveUp = giveUp;
    const { interval = DEFAULT_INTERVAL, timeout = DEFAULT_TIMEOUT } = options;
    this.#most = interval + timeout;
    const tick = Math.min(interval, timeout) / PARTS;
    this.#ticker = new Ticker(tick, () => this.#tick());
    this.#endAt = Math.floor(this.#most / tick);
    // One tick earlier if the peer would otherwise have less than its whole time.
    this.#pingAt = Math.floor(interval / tick) - (timeout % tick ? 1 : 0);
  }

  /** @param receiver the session, which can probe the peer if the socket has no pings */
  start(receiver: TransportReceiver): void {
    this.#ping = pingOf(this.#socket, receiver, () => this.heard());
    // Without a ping, silence means nothing.
    if (this.#ping) this.#ticker.start();
  }

  stop(): void {
    this.#ticker.stop();
  }

  /** Notes that the peer sent something. */
  heard(): void {
    this.#silent = 0;
  }

  #tick(): void {
    this.#look();
    if (++this.#silent >= this.#endAt) this.#giveUp(silentError(this.#most));
    else if (this.#stalled >= this.#endAt) this.#giveUp(stalledError(this.#most));
    else if (this.#silent === this.#pingAt && this.#taken === undefined) this.#ping!();
  }

  /** Looks for signs of life that have no event. */
  #look(): void {
    const received = receivedBytes(this.#socket);
    if (this.isPaused || received !== this.#received) this.#silent = 0;
    this.#received = received;
    const before = this.#taken;
    const taken = takenBytes(this.#socket);
    this.#taken = taken;
    if (before !== undefined && (taken === undefined || taken > before)) {
      this.#stalled = 0;
      // A ping would have waited behind the data, and a peer that takes data is alive.
      this.#silent = 0;
    }
    // Other sockets than those of `ws` don't show what is taken while more is added.
    if (taken === undefined || received === undefined) this.#stalled = 0;
    else this.#stalled++;
  }
}

/** A socket of `ws`, which can send pings. Browsers' sockets can't, but they answer pings. */
interface PingableSocket {
  ping(): void;
  on(event: "pong", listener: () => void): void;
}

/** The cheapest message that a socket's peer answers. */
function pingOf(
  socket: WebSocketLike,
  receiver: TransportReceiver,
  onPong: () => void,
): (() => void) | undefined {
  const { ping, on } = socket as Partial<PingableSocket>;
  if (typeof ping !== "function" || typeof on !== "function") return receiver.probe?.bind(receiver);
  on.call(socket, "pong", onPong);
  return ping.bind(socket);
}
