import { createContext, createElement, type ReactElement, type ReactNode, useContext } from "react";
import { RpcCache } from "./rpc-cache.ts";

/** The cache of pages without a provider. */
const Cache = createContext(new RpcCache());

/**
 * Gives components a cache of their own: in tests, and on servers, where each request needs one,
 * because results of one user must not be shown to another.
 *
 * @example
 * ```ts
 * <RpcCacheProvider cache={new RpcCache()}><App /></RpcCacheProvider>
 * ```
 */
export function RpcCacheProvider({
  cache,
  children,
}: {
  cache: RpcCache;
  children?: ReactNode;
}): ReactElement {
  return createElement(Cache.Provider, { value: cache }, children);
}

/** The cache of a component, for `invalidate()`. */
export function useRpcCache(): RpcCache {
  return useContext(Cache);
}
