import type { RpcCompatible } from "@capnweb/core";
import {
  type AccessOptions,
  type AdmissionOptions,
  type Admitted,
  type Authorization,
  isSessionHost,
  type Refusal,
  refuseSession,
  type SessionHost,
  setOptionalTimeout,
} from "@capnweb/core/server";
import { type AcceptedWebSocket, acceptHere } from "./accept-web-socket.ts";
import { closeFor } from "./close-for.ts";
import { DEFAULT_OPEN_TIMEOUT } from "./liveness.ts";
import { type WebSocketOptions, WebSocketPushTransport } from "./push-transport.ts";
import { receptionOf } from "./reception-of.ts";
import type { ServedRequest } from "./served.ts";
import { withMessagePings } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";
import { CONNECTING } from "./socket.ts";
import { type SubprotocolOptions, subprotocolFor } from "./subprotocol.ts";
import { takeRequest } from "./take-request.ts";

/** Options of {@link newWebSocketRpcHandler} with a host, which has all others. */
export interface HostedWebSocketOptions<Context extends unknown[] = unknown[]>
  extends WebSocketOptions,
    SubprotocolOptions {
  /**
   * The client's address, by which `maxSessionsPerAddress` counts. A `Request` has none: read it
   * from the handler's further arguments, or from a header that a proxy sets. Default: none, so
   * that only `maxSessions` counts.
   */
  addressOf?: ((request: Request, ...context: Context) => string | undefined) | undefined;
}

/**
 * Options of {@link newWebSocketRpcHandler}.
 *
 * @typeParam C the context that `authorize` gives
 */
export interface WebSocketHandlerOptions<Context extends unknown[] = unknown[], C = unknown>
  extends HostedWebSocketOptions<Context>,
    WebSocketSessionOptions,
    AccessOptions,
    AdmissionOptions {
  /**
   * Decides on a request before its WebSocket is accepted; see `Authorization` of
   * `@capnweb/core/server`. Default: all are accepted.
   */
  authorize?: ((request: Request) => Authorization<C> | PromiseLike<Authorization<C>>) | undefined;
  /** Milliseconds that `authorize` may take; the client then gets 503. Default 10,000. */
  authorizeTimeout?: number | undefined;
}

/**
 * Makes a handler of requests that serves sessions on their WebSockets, in runtimes whose servers
 * speak `Request` and `Response`: Deno and workerd. For Bun, use {@link newBunWebSocketRpcHandler}.
 *
 * @typeParam T the client's main object
 * @typeParam C the context that `authorize` gives
 * @param createMain makes the main object of a connection, or a promise of it; the session owns
 *   it. Its errors go to `options.onError`, and the connection is closed with 1011
 * @returns the handler, whose promise never rejects. It answers 426 to a request that doesn't ask
 *   for a WebSocket
 * @throws TypeError for invalid `limits`, and in a runtime that can't accept WebSockets so
 *
 * @example
 * ```ts
 * Deno.serve(newWebSocketRpcHandler(() => new Api(), { origins: ["https://app.example"] }));
 * ```
 */
export function newWebSocketRpcHandler<
  T extends RpcCompatible<T> = undefined,
  C = unknown,
  Context extends unknown[] = unknown[],
>(
  createMain: (request: Request, served: ServedRequest<T, C>) => unknown,
  options?: WebSocketHandlerOptions<Context, C>,
): (request: Request, ...context: Context) => Promise<Response>;
/** With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects. */
export function newWebSocketRpcHandler<Context extends unknown[] = unknown[]>(
  host: SessionHost,
  options?: HostedWebSocketOptions<Context>,
): (request: Request, ...context: Context) => Promise<Response>;
export function newWebSocketRpcHandler<T extends RpcCompatible<T>, C, Context extends unknown[]>(
  createMain: SessionHost | ((request: Request, served: ServedRequest<T, C>) => unknown),
  options: WebSocketHandlerOptions<Context, C> = {},
): (request: Request, ...context: Context) => Promise<Response> {
  const host = isSessionHost(createMain) ? createMain : receptionOf(createMain, options);
  const own = withMessagePings({ ...host.options, ...options });
  const accept = acceptHere();
  return (request, ...context) =>
    takeRequest(
      host,
      request,
      () => options.addressOf?.(request, ...context),
      own,
      (decided, leave) =>
        start(accept(request, subprotocolFor(request, options)), decided, leave, own),
    );
}

/**
 * Starts a client's session, or tells the refusal.
 *
 * @param leave called once the connection is over
 */
function start(
  accepted: AcceptedWebSocket,
  decided: Refusal | Admitted,
  leave: () => void,
  options: WebSocketSessionOptions,
): Response {
  const { socket } = accepted;
  for (const event of ["close", "error"]) socket.addEventListener(event, leave);
  if (socket.readyState === CONNECTING) {
    // Deno tells nothing of a client that left before its socket opened.
    const cancel = setOptionalTimeout(leave, options.openTimeout ?? DEFAULT_OPEN_TIMEOUT);
    socket.addEventListener("open", cancel);
  }
  const transport = new WebSocketPushTransport(socket, options);
  if (decided.status === undefined) decided.serve(transport, options, closeFor(socket));
  else refuseSession(transport, decided, options);
  return accepted.response;
}
