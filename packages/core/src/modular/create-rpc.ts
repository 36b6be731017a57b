import type { ValueType } from "@capnweb/wire";
import { dataTypes } from "@capnweb/wire/internal";
import { AssembledRuntime } from "../assembled-runtime.ts";
import { BaseSession, tellStarted } from "../session/base-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import { Session } from "../session/session.ts";
import type { RpcPromiseConstructor, RpcStubConstructor } from "../stubs.ts";
import type { Transport } from "../transport.ts";
import type { RpcCompatible, RpcStub } from "../types/index.ts";
import type { Component } from "./component.ts";
import { MISSING_PARTS, MISSING_SERVICES } from "./missing-parts.ts";
import { missingTypes } from "./missing-types.ts";

/** Sessions and stubs with the components that an application has registered. */
export interface Rpc {
  /**
   * Starts a session over a push-style transport.
   *
   * @typeParam T the peer's main object
   * @param transport carries the messages; the session owns it
   * @param localMain the peer's main object; the session owns it
   * @returns the stub of the peer's main object. Disposing of it ends the session
   * @throws MissingComponentError for an option that needs a component
   */
  startSession<T extends RpcCompatible<T> = undefined>(
    transport: Transport,
    localMain?: unknown,
    options?: RpcSessionOptions,
  ): RpcStub<T>;

  /**
   * Starts a session as {@link startSession} does.
   *
   * @returns the session, whose `getRemoteMain()` is the stub
   * @throws MissingComponentError for an option that needs a component
   */
  newSession<T extends RpcCompatible<T> = undefined>(
    transport: Transport,
    localMain?: unknown,
    options?: RpcSessionOptions,
  ): BaseSession<T>;

  /** Makes stubs of values in this process. */
  readonly RpcStub: RpcStubConstructor;

  /** Makes promises on which calls can be made before they settle. */
  readonly RpcPromise: RpcPromiseConstructor;
}

/**
 * Puts a runtime together that contains only the components an application needs. Without any, it
 * has calls, callbacks, pipelining, values of plain data, and all limits but those of memory. A
 * value or call that needs another component fails, in either direction, with a
 * `MissingComponentError` that names the import. The session goes on.
 *
 * Call it once, and start all sessions with the result. Its stubs and promises are instances of
 * the same classes as those of the main entry.
 *
 * @throws TypeError for anything that isn't a component
 *
 * @example
 * ```ts
 * import { createRpc, streams } from "@capnweb/core/modular";
 * import { WebSocketPushTransport } from "@capnweb/transport-ws";
 *
 * const rpc = createRpc(streams);
 * using api = rpc.startSession<Api>(
 *   new WebSocketPushTransport(new WebSocket("wss://example.com/api")),
 * );
 * ```
 */
export function createRpc(...components: readonly Component[]): Rpc {
  const parts = { ...MISSING_PARTS };
  const services = { ...MISSING_SERVICES };
  const types = new Set<ValueType>(dataTypes);
  for (const component of components) {
    // JavaScript gives `undefined` for a misspelt name of a namespace.
    const { name, types: own = [], services: offered, ...others } = Object(component) as Component;
    if (!name) throw new TypeError("createRpc() takes components, such as streams.");
    for (const type of own) types.add(type);
    Object.assign(parts, others);
    Object.assign(services, offered);
  }
  const known = [...types];
  const standIns = missingTypes(known);
  const runtime = new AssembledRuntime({ ...parts, types: known, standIns });
  const newSession = <T extends RpcCompatible<T>>(
    transport: Transport,
    localMain?: unknown,
    options: RpcSessionOptions = {},
  ) => {
    const inner = new Session(runtime.with(options.types), services, transport, localMain, options);
    const session = new BaseSession<T>(inner);
    tellStarted(session, options);
    return session;
  };
  return {
    newSession,
    startSession: <T extends RpcCompatible<T>>(...args: Parameters<typeof newSession>) =>
      newSession<T>(...args).getRemoteMain() as RpcStub<T>,
    RpcStub: runtime.RpcStub as unknown as RpcStubConstructor,
    RpcPromise: runtime.RpcPromise as unknown as RpcPromiseConstructor,
  };
}
