import type { IncomingMessage } from "node:http";
import type {
  AccessOptions,
  AdmissionOptions,
  Authorization,
  ContextAuthorization,
} from "@capnweb/core/server";
import type { WebSocketOptions } from "../push-transport.ts";
import type { WebSocketSessionOptions } from "../session.ts";
import type { SubprotocolOptions } from "../subprotocol.ts";

/** Options of the WebSockets that a host's sessions run on. */
export interface UpgradeOptions extends WebSocketOptions, SubprotocolOptions {
  /**
   * The path to serve. Upgrades of other paths are left to other listeners, and answered with 404
   * if there are none. Default: every path that no other call of `attachWebSocketRpc` serves.
   */
  path?: string | undefined;
  /**
   * The address by which `maxSessionsPerAddress` counts, for servers behind proxies: for example,
   * `(request) => String(request.headers["x-real-ip"])`. Use a header only if the proxy sets it.
   * Default: the address of the TCP connection.
   */
  addressOf?: ((request: IncomingMessage) => string | undefined) | undefined;
  /**
   * Longest message accepted, in bytes; a longer one closes the socket with 1009. Default: three
   * times `limits.maxFrameSize`, 12 MiB, because a UTF-16 code unit takes at most 3 bytes of UTF-8.
   */
  maxPayload?: number | undefined;
}

/**
 * Options of `attachWebSocketRpc`. `openTimeout` is the time from the request to the main object;
 * it covers `authorize` and `createMain` together.
 *
 * @typeParam C the context that `authorize` gives
 */
export interface AttachOptions<C = unknown>
  extends UpgradeOptions,
    WebSocketSessionOptions,
    AccessOptions,
    AdmissionOptions {
  /**
   * Decides on a request before its WebSocket is accepted, for example by its credentials. `true`
   * accepts; `false` refuses with 403; `{ status, reason }` refuses with that status and text;
   * `{ context }` accepts, and hands `context` to `createMain`. If it throws, the client gets 500,
   * and `onError` receives the error. A web page can't read a response that refuses its WebSocket.
   * It gets the WebSocket, and an error with the status as the end of its session.
   */
  authorize?:
    | ((request: IncomingMessage) => Authorization<C> | PromiseLike<Authorization<C>>)
    | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
}

/**
 * Options of `attachWebSocketRpc` for a `createMain` that takes a context: `authorize` is required,
 * and gives a context for each request that it accepts.
 *
 * @typeParam C the context that `authorize` gives
 */
export interface ContextOptions<C> extends Omit<AttachOptions<C>, "authorize"> {
  /** Decides on a request; see {@link AttachOptions.authorize}. */
  authorize: (
    request: IncomingMessage,
  ) => ContextAuthorization<C> | PromiseLike<ContextAuthorization<C>>;
}

/** The service that `attachWebSocketRpc` attached to a server. */
export interface AttachedRpc {
  /** The number of sessions, including those that are being opened. */
  readonly size: number;
  /**
   * Stops accepting WebSockets, and closes every connection with 1001. The HTTP server stays as it
   * is. Idempotent.
   */
  close(): void;
}
