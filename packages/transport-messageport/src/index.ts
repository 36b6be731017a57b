/**
 * Cap'n Web sessions over MessagePorts: between windows, frames and workers.
 *
 * @packageDocumentation
 */
import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
} from "@capnweb/core";
import { type MessagePortLike, MessagePortTransport } from "./transport.ts";

export { MessagePortClosedError, type MessagePortLike, MessagePortTransport } from "./transport.ts";

/**
 * Starts a session over a port whose other end runs one as well.
 *
 * @param port a `MessagePort` of a browser or of `node:worker_threads`, or a `Worker`. The session
 *   owns it, and closes it when it ends
 * @param localMain what the peer gets as its main stub; the session owns it
 * @returns the stub of the peer's main object. Disposing of it ends the session
 *
 * @example
 * ```ts
 * const { port1, port2 } = new MessageChannel();
 * worker.postMessage({ port: port2 }, [port2]);
 * using api = newMessagePortRpcSession<Api>(port1);
 * ```
 */
export function newMessagePortRpcSession<T extends RpcCompatible<T> = undefined>(
  port: MessagePortLike,
  localMain?: unknown,
  options?: RpcSessionOptions,
): RpcStub<T> {
  return startSession<T>(new MessagePortTransport(port), localMain, options);
}
