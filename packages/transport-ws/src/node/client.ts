import type { ClientRequest, IncomingMessage } from "node:http";
import type { RpcCompatible, RpcSessionOptions, RpcStub, Transport } from "@capnweb/core";
import { setOptionalTimeout } from "@capnweb/core/server";
import type { WebSocket } from "ws";
import { opened, type WebSocketTransportOptions } from "../connect.ts";
import { WebSocketRefusedError, WebSocketUrlError } from "../errors.ts";
import { maxPayloadOf } from "../server-options.ts";
import { startOn, type WebSocketSessionOptions } from "../session.ts";
import type { WebSocketLike } from "../socket.ts";
import { nodeFailure } from "./failure.ts";
import { loadWs } from "./ws.ts";

/** Options for a socket of the `ws` package. */
interface WsOptions {
  /** Headers of the upgrade request. Only for a URL. */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Longest message accepted, in bytes; a longer one closes the socket with 1009. Only for a URL.
   * Default: three times `limits.maxFrameSize`, because a UTF-16 code unit takes at most 3 bytes of
   * UTF-8.
   */
  maxPayload?: number | undefined;
}

/** Options of a client session in Node. */
export interface NodeWebSocketSessionOptions extends WebSocketSessionOptions, WsOptions {}

/** Options of {@link webSocketTransport} in Node. */
export interface NodeWebSocketTransportOptions
  extends WebSocketTransportOptions,
    WsOptions,
    Pick<RpcSessionOptions, "limits"> {}

/**
 * Starts a session as the main entry's function does, but opens a URL with a socket of the `ws`
 * package.
 *
 * If the server refuses the WebSocket, pending calls fail with a `WebSocketRefusedError`, which has
 * the status and the text of the response.
 *
 * @param webSocket a URL to connect to, or a socket; the session owns it
 * @param localMain the peer's main object; the session owns it
 * @returns the stub of the peer's main object. Disposing of it ends the session
 * @throws WebSocketUrlError for text that isn't the URL of a WebSocket
 * @throws NoWebSocketError for a URL where the package `ws` isn't installed
 *
 * @example
 * ```ts
 * const headers = { Authorization: `Bearer ${token}` };
 * using api = newWebSocketRpcSession<Api>("wss://example.com/api", undefined, { headers });
 * ```
 */
export function newWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  webSocket: WebSocketLike | string | URL,
  localMain?: unknown,
  options: NodeWebSocketSessionOptions = {},
): RpcStub<T> {
  const socket =
    typeof webSocket === "string" || webSocket instanceof URL
      ? connect(webSocket, options)
      : webSocket;
  return startOn<T>(socket, localMain, options, nodeFailure);
}

/**
 * Opens a WebSocket as the main entry's function does, but with a socket of the `ws` package. If
 * the server refuses the WebSocket, the promise rejects with a `WebSocketRefusedError`.
 *
 * @param options `limits` are those of the session that the transport is for
 * @returns the transport, once the socket is open. The session that gets it owns it
 * @throws WebSocketUrlError for text that isn't the URL of a WebSocket
 * @throws NoWebSocketError where the package `ws` isn't installed
 * @throws WebSocketClosedError, WebSocketRefusedError if the socket can't be opened
 *
 * @example
 * ```ts
 * const transport = await webSocketTransport("wss://example.com/api", { signal });
 * const api = startSession<Api>(transport);
 * ```
 */
export async function webSocketTransport(
  url: string | URL,
  options: NodeWebSocketTransportOptions = {},
): Promise<Transport> {
  options.signal?.throwIfAborted();
  return opened(connect(url, options), options, nodeFailure);
}

function connect(
  url: string | URL,
  options: Pick<NodeWebSocketTransportOptions, "headers" | "limits" | "maxPayload" | "protocols">,
): WebSocketLike {
  const { WebSocket: WebSocketClass } = loadWs();
  const maxPayload = options.maxPayload ?? maxPayloadOf(options.limits);
  try {
    const socket = new WebSocketClass(url, protocolsOf(options), {
      maxPayload,
      ...(options.headers && { headers: options.headers }),
    });
    socket.on("unexpected-response", (request, response) => explain(socket, request, response));
    return socket;
  } catch (error) {
    throw error instanceof SyntaxError ? new WebSocketUrlError(url, error) : error;
  }
}

/** The longest text of a refusal to show, in bytes, and the milliseconds to wait for it. */
const LONGEST_BODY = 1_000;
const BODY_TIMEOUT = 1_000;

/** Makes the socket fail with the reason that the server gives in its response. */
function explain(socket: WebSocket, request: ClientRequest, response: IncomingMessage): void {
  let body = "";
  let isDone = false;
  const cancelTimeout = setOptionalTimeout(() => done(), BODY_TIMEOUT);
  const done = () => {
    if (isDone) return;
    isDone = true;
    cancelTimeout();
    const isText = response.headers["content-type"]?.startsWith("text/plain");
    const said = isText ? body.slice(0, LONGEST_BODY).trim() : "";
    socket.emit("error", new WebSocketRefusedError(socket.url, response.statusCode ?? 0, said));
    // Makes `ws` clean up. The error that it reports then comes too late to count.
    socket.terminate();
    request.destroy();
  };
  response.setEncoding("utf8");
  response.on("data", (text: string) => {
    body += text;
    if (body.length >= LONGEST_BODY) done();
  });
  response.once("close", done);
  response.once("error", done);
}

function protocolsOf({ protocols }: Pick<WebSocketTransportOptions, "protocols">): string[] {
  return typeof protocols === "string" ? [protocols] : [...(protocols ?? [])];
}
