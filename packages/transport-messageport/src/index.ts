/**
 * Cap'n Web sessions over MessagePorts, between windows, frames and workers.
 *
 * @packageDocumentation
 */
import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
} from "@capnweb/core";
import type { MessagePortLike } from "./port.ts";
import { MessagePortTransport } from "./transport.ts";

export type { EmitterPort, EventTargetPort, MessagePortLike } from "./port.ts";
export { MessagePortClosedError, MessagePortTransport } from "./transport.ts";

/**
 * Starts a session over a port. The port's other end must run one as well.
 *
 * @param port a `MessagePort` or a `Worker`, of a browser or of `node:worker_threads`. The
 *   session owns a port, and closes it when the session ends. The application terminates a worker.
 *   If the worker fails or exits, pending calls fail with a `MessagePortClosedError`
 * @param localMain the peer's main object; the session owns it
 * @param options default to the limits of the profile `"client"`. Use `limits: "trusted"` for a
 *   worker of your own, and `limits: "server"` for a frame whose code you don't trust
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
