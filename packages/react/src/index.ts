/**
 * React hooks for Cap'n Web: results of calls with Suspense, live values, and the states of
 * connections.
 *
 * @packageDocumentation
 */

export { RpcCacheProvider, useRpcCache } from "./context.ts";
export type { RpcKey } from "./key.ts";
export type { Live } from "./live-entry.ts";
export type { LiveSource, LiveValues } from "./live-source.ts";
export { RpcCache, type RpcCacheOptions } from "./rpc-cache.ts";
export { type ObservableConnection, useConnection } from "./use-connection.ts";
export { useLive } from "./use-live.ts";
export { useRpc } from "./use-rpc.ts";
