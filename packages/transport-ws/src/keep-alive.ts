import { silentError, stalledError, type WebSocketClosedError } from "./errors.ts";
import type { WebSocketLike } from "./socket.ts";
import { receivedBytes, writeProgress } from "./tcp-socket.ts";
import { Ticker } from "./ticker.ts";

/** The times after which a silent peer is sent a ping, and given up. */
export interface KeepAliveOptions {
  /** Milliseconds of silence after which the peer is sent a ping. Default 30,000. */
  interval?: number | undefined;
  /**
   * Milliseconds after which a peer is given up that sends nothing, or that doesn't take the data
   * waiting for it. Default 60,000.
   */
  timeout?: number | undefined;
}

const DEFAULT_INTERVAL = 30_000;
const DEFAULT_TIMEOUT = 60_000;

/** A socket of `ws`, which can send pings. Browsers' sockets can't, but they answer pings. */
interface PingableSocket extends WebSocketLike {
  ping(): void;
  on(event: "pong", listener: () => void): void;
}

/**
 * Notices a peer that is gone, or that doesn't read. Neither ends a TCP connection by itself.
 *
 * Every byte that arrives is a sign of life, so a long message on a slow line isn't silence.
 */
export class KeepAlive {
  readonly #socket: PingableSocket;
  readonly #timeout: number;
  readonly #ticker: Ticker;
  readonly #allowed: number;
  readonly #giveUp: (reason: WebSocketClosedError) => void;
  #received: number | undefined;
  #progress: string | undefined;
  #silent = 0;
  #stalled = 0;
  /** Whether this side currently doesn't read, so that the peer's silence says nothing. */
  isPaused = false;

  constructor(
    socket: WebSocketLike,
    options: KeepAliveOptions,
    giveUp: (reason: WebSocketClosedError) => void,
  ) {
    this.#socket = socket as PingableSocket;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.#giveUp = giveUp;
    // Leaves time for at least one ping before the peer is given up.
    const interval = Math.min(options.interval ?? DEFAULT_INTERVAL, this.#timeout / 2);
    this.#allowed = Math.ceil(this.#timeout / interval);
    this.#ticker = new Ticker(interval, () => this.#tick());
  }

  /** Whether the socket can send pings. */
  static suits(socket: WebSocketLike): boolean {
    const { ping, on } = socket as Partial<PingableSocket>;
    return typeof ping === "function" && typeof on === "function";
  }

  start(): void {
    this.#socket.on("pong", () => this.heard());
    this.#ticker.start();
  }

  stop(): void {
    this.#ticker.stop();
  }

  /** Notes that a frame arrived. */
  heard(): void {
    this.#silent = 0;
  }

  #tick(): void {
    const received = receivedBytes(this.#socket);
    if (this.isPaused || received !== this.#received) this.#silent = 0;
    this.#received = received;
    const progress = writeProgress(this.#socket);
    if (progress === undefined) {
      this.#stalled = 0;
    } else if (progress !== this.#progress) {
      this.#stalled = 0;
      // A ping would wait behind the data, and a peer that takes data is alive.
      this.#silent = 0;
    }
    this.#progress = progress;
    if (this.#silent++ >= this.#allowed) this.#giveUp(silentError(this.#timeout));
    else if (this.#stalled++ >= this.#allowed) this.#giveUp(stalledError(this.#timeout));
    else if (this.#silent > 1 && progress === undefined) this.#socket.ping();
  }
}
