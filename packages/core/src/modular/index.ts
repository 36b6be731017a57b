/**
 * Sessions put together of the parts that an application needs, for small bundles.
 *
 * @packageDocumentation
 */
import "../symbol-dispose.ts";

export { MissingComponentError } from "../errors.ts";
export type { BaseSession, RpcSessionStats } from "../session/base-session.ts";
export type { RpcSessionOptions } from "../session/options.ts";
export { RpcTarget } from "../target.ts";
export type { Transport, TransportReceiver } from "../transport.ts";
export type { RpcCompatible, RpcPromise, RpcStub } from "../types/index.ts";
export type { Component, ComponentName } from "./component.ts";
export { createRpc, type Rpc } from "./create-rpc.ts";
export { documents } from "./documents.ts";
export { extensions } from "./extensions.ts";
export { fetchValues } from "./fetch-values.ts";
export { forgottenStubs } from "./forgotten-stubs.ts";
export { maps } from "./maps.ts";
export { memoryLimits } from "./memory-limits.ts";
export { placesInErrors } from "./places-in-errors.ts";
export { quickMessages } from "./quick-messages.ts";
export { streams } from "./streams.ts";
