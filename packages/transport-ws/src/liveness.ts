import { type CancelTimeout, setOptionalTimeout } from "@capnweb/core/server";
import { openTimeoutError, type WebSocketClosedError } from "./errors.ts";
import { IdleWatch } from "./idle.ts";
import { KeepAlive, type KeepAliveOptions } from "./keep-alive.ts";
import { CONNECTING, type WebSocketLike } from "./socket.ts";

/** The times after which a session gives up its peer. */
export interface LivenessOptions {
  /** Milliseconds within which a socket must open. Default 30,000. */
  openTimeout?: number | undefined;
  /**
   * Milliseconds without a message in either direction after which the session ends. Default: no
   * limit.
   */
  idleTimeout?: number | undefined;
  /**
   * Pings, which notice a peer that is gone or doesn't read, and which keep proxies from closing an
   * idle connection; `false` for none. Only sockets of the `ws` package and Bun's server can send
   * pings; every WebSocket answers them. Default: on at servers, `false` elsewhere.
   */
  keepAlive?: KeepAliveOptions | false | undefined;
}

const DEFAULT_OPEN_TIMEOUT = 30_000;

/** Watches whether a socket opens, and whether its peer is still there. */
export class Liveness {
  readonly #socket: WebSocketLike;
  readonly #openTimeout: number;
  readonly #giveUp: (reason: WebSocketClosedError) => void;
  readonly #keepAlive: KeepAlive | undefined;
  readonly #idle: IdleWatch | undefined;
  #cancelOpening: CancelTimeout | undefined;

  /** @param giveUp called once, with the reason */
  constructor(
    socket: WebSocketLike,
    options: LivenessOptions,
    giveUp: (reason: WebSocketClosedError) => void,
  ) {
    this.#socket = socket;
    this.#openTimeout = options.openTimeout ?? DEFAULT_OPEN_TIMEOUT;
    this.#giveUp = (reason) => {
      this.stop();
      giveUp(reason);
    };
    if (options.keepAlive && KeepAlive.suits(socket)) {
      this.#keepAlive = new KeepAlive(socket, options.keepAlive, this.#giveUp);
    }
    if (options.idleTimeout !== undefined) {
      this.#idle = new IdleWatch(options.idleTimeout, this.#giveUp);
    }
  }

  start(): void {
    if (this.#socket.readyState !== CONNECTING) {
      this.opened();
      return;
    }
    this.#cancelOpening = setOptionalTimeout(() => {
      this.#giveUp(openTimeoutError(this.#socket.url, this.#openTimeout));
    }, this.#openTimeout);
  }

  /** Notes that the socket is open. */
  opened(): void {
    this.#cancelOpening?.();
    this.#keepAlive?.start();
    this.#idle?.start();
  }

  /** Notes that a message was sent or received. */
  used(): void {
    this.#idle?.used();
  }

  /** Notes that this side stops reading, or reads again. */
  paused(isPaused: boolean): void {
    if (this.#keepAlive) this.#keepAlive.isPaused = isPaused;
  }

  stop(): void {
    this.#cancelOpening?.();
    this.#keepAlive?.stop();
    this.#idle?.stop();
  }
}
