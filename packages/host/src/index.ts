/**
 * All sessions of a server, over every transport: their admission, their list, broadcasts, and an
 * end that fails no call.
 *
 * @packageDocumentation
 */

export type { Authorization, Refusal, SessionRequest } from "@capnweb/core/server";
export { RefusedError } from "@capnweb/core/server";
export type { BroadcastOptions, BroadcastReport } from "./broadcast.ts";
export type { DrainOptions, DrainReport } from "./drain.ts";
export { type BunHostHandler, type BunHostOptions, newBunHostHandler } from "./fetch/bun.ts";
export type { HostHandlerOptions } from "./fetch/handler-options.ts";
export { newHostHandler } from "./fetch/host-handler.ts";
export { answerHealth, type HealthPaths, type HostHealth } from "./health.ts";
export { type AcceptInfo, RpcHost } from "./host.ts";
export type { ClientStub, HostedClient, HostOptions, NewHostOptions } from "./host-options.ts";
export type { HostedSession, HostedState, SessionStatistics } from "./hosted-session.ts";
export type { ResumeHostOptions } from "./resumption.ts";
export type { SessionWatcher, WatchedOptions } from "./session-watcher.ts";
