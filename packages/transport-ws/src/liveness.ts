import type { TransportReceiver } from "@capnweb/core";
import { type CancelTimeout, setOptionalTimeout } from "@capnweb/core/server";
import { openTimeoutError, type WebSocketClosedError } from "./errors.ts";
import { IdleWatch } from "./idle.ts";
import { KeepAlive, type KeepAliveOptions } from "./keep-alive.ts";
import { CONNECTING, type WebSocketLike } from "./socket.ts";

export const DEFAULT_OPEN_TIMEOUT = 30_000;

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
   * Pings, which notice a peer that is stopped or gone, or that doesn't read, and which keep
   * proxies from closing an idle connection; `false` for none. Sockets of the `ws` package and
   * Bun's server send WebSocket pings. For other sockets, as in browsers, the session sends a
   * message that every peer answers. These messages count for `idleTimeout`, at both ends.
   * Default: on at servers, `false` elsewhere.
   */
  keepAlive?: KeepAliveOptions | false | undefined;
}

/** Watches whether a socket opens, and whether its peer is still there. */
export class Liveness {
  readonly #socket: WebSocketLike;
  readonly #openTimeout: number;
  readonly #giveUp: (reason: WebSocketClosedError) => void;
  readonly #keepAlive: KeepAlive | undefined;
  readonly #idle: IdleWatch | undefined;
  #receiver: TransportReceiver | undefined;
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
    if (options.keepAlive) {
      this.#keepAlive = new KeepAlive(socket, options.keepAlive, this.#giveUp);
    }
    if (options.idleTimeout !== undefined) {
      this.#idle = new IdleWatch(options.idleTimeout, this.#giveUp);
    }
  }

  /** @param receiver the session, which can probe the peer if the socket has no pings */
  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
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
    this.#keepAlive?.start(this.#receiver!);
    this.#idle?.start();
  }

  /** Notes that a message was sent. */
  sent(): void {
    this.#idle?.used();
  }

  /** Notes that a message was received. */
  received(): void {
    this.#idle?.used();
    this.#keepAlive?.heard();
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
