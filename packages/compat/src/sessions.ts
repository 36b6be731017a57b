// Functions and the class that start sessions, with the defaults of `capnweb`.
import * as core from "@capnweb/core";
import * as http from "@capnweb/transport-http";
import * as messagePort from "@capnweb/transport-messageport";
import * as ws from "@capnweb/transport-ws";
import * as wire from "@capnweb/wire";
import { asReference } from "./as-reference.ts";

/** A session with a peer over any transport. See `RpcSession` of `@capnweb/core`. */
export class RpcSession<T extends core.RpcCompatible<T> = undefined> extends core.RpcSession<T> {
  /**
   * @param transport carries the messages; the session owns it
   * @param localMain the object behind the peer's main stub; the session owns it
   * @param options the session's options, with the defaults of `capnweb`
   */
  constructor(
    transport: core.Transport | core.AnyRpcTransport,
    localMain?: unknown,
    options?: core.RpcSessionOptions,
  ) {
    super(transport, localMain, asReference(options));
  }
}

/** Encodes a value as JSON text. See `serialize` of `@capnweb/wire`. */
export function serialize(value: unknown): string {
  return wire.serialize(value, asReference({}));
}

/**
 * Starts a session whose calls of a turn share one request. See `newHttpBatchRpcSession` of
 * `@capnweb/transport-http`.
 */
export const newHttpBatchRpcSession: typeof http.newHttpBatchRpcSession = (url, options) =>
  http.newHttpBatchRpcSession(url, asReference(options));

/**
 * Starts a session over a `MessagePort`. See `newMessagePortRpcSession` of
 * `@capnweb/transport-messageport`.
 */
export const newMessagePortRpcSession: typeof messagePort.newMessagePortRpcSession = (
  port,
  localMain,
  options,
) => messagePort.newMessagePortRpcSession(port, localMain, asReference(options));

/**
 * Starts a session over a WebSocket, on either side. See `newWebSocketRpcSession` of
 * `@capnweb/transport-ws`.
 */
export const newWebSocketRpcSession: typeof ws.newWebSocketRpcSession = (
  webSocket,
  localMain,
  options,
) => ws.newWebSocketRpcSession(webSocket, localMain, asReference(options));
