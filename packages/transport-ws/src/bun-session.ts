import { type RpcCompatible, type RpcStub, startSession } from "@capnweb/core";
import { type BunServerWebSocket, BunWebSocketTransport } from "./bun-transport.ts";
import { withServerDefaults } from "./server-options.ts";
import type { WebSocketSessionOptions } from "./session.ts";

/**
 * Starts a session on a WebSocket that `Bun.serve` accepted, for handlers of your own.
 *
 * @param ws the socket that the handler's `open` received; the session owns it
 * @param localMain the client's main object; the session owns it
 * @param options default to the limits of the profile `"server"`
 * @returns `stub`, the stub of the client's main object, which ends the session when disposed of;
 *   and `transport`, to which your handler passes the socket's events
 *
 * @example
 * ```ts
 * const websocket = {
 *   open(ws) {
 *     ws.data = newBunWebSocketRpcSession<Client>(ws, new Api());
 *   },
 *   message: (ws, message) => ws.data.transport.dispatchMessage(message),
 *   drain: (ws) => ws.data.transport.dispatchDrain(),
 *   close: (ws, code, reason) => ws.data.transport.dispatchClose(code, reason),
 * };
 * ```
 */
export function newBunWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  ws: BunServerWebSocket,
  localMain?: unknown,
  options: WebSocketSessionOptions = {},
): { stub: RpcStub<T>; transport: BunWebSocketTransport } {
  const own = withServerDefaults(options);
  const transport = new BunWebSocketTransport(ws, own);
  return { stub: startSession<T>(transport, localMain, own), transport };
}
