import { type RpcCompatible, resolveLimits } from "@capnweb/core";
import { checkOptions, type OptionRules } from "@capnweb/core/options";
import { Connection } from "./connection.ts";
import { CONNECT_RULES } from "./option-rules.ts";
import type { ConnectOptions } from "./options.ts";
import { ConnectionPool, type PoolOptions } from "./pool.ts";
import { POOL_RULES } from "./pool-rules.ts";

/**
 * Connects to a peer, and connects again whenever the connection is lost, until it is closed. Works
 * with any peer, `capnweb` included.
 *
 * @typeParam T the peer's main object
 * @param options how to open a connection, and what to do without one
 * @returns the connection. Calls on its `api` may be made at once
 * @throws TypeError for invalid options
 *
 * @example
 * ```ts
 * using connection = connect<Api>({
 *   open: ({ signal }) => webSocketTransport("wss://example.com/api", { signal }),
 * });
 * console.log(await connection.api.greet("world"));
 * ```
 */
export function connect<T extends RpcCompatible<T> = undefined>(
  options: ConnectOptions,
): Connection<T> {
  check("connect()", options, CONNECT_RULES);
  return new Connection<T>(options);
}

/**
 * Connects several times, to one server or to several of the same kind, and spreads calls over the
 * connections. Each comes back as that of `connect()` does.
 *
 * @typeParam T the peers' main objects
 * @returns the pool. Calls on its `api` may be made at once
 * @throws TypeError for invalid options
 *
 * @example
 * ```ts
 * using pool = connectPool<Api>({
 *   urls: ["wss://a.example.com/api", "wss://b.example.com/api"],
 *   open: ({ url, signal }) => webSocketTransport(url, { signal }),
 *   size: 4,
 * });
 * console.log(await pool.api.greet("world"));
 * ```
 */
export function connectPool<T extends RpcCompatible<T> = undefined>(
  options: PoolOptions,
): ConnectionPool<T> {
  check("connectPool()", options, POOL_RULES);
  return new ConnectionPool<T>(options);
}

function check<O extends Pick<ConnectOptions, "limits">>(
  where: string,
  options: O,
  rules: OptionRules<O>,
): void {
  checkOptions(where, options, rules);
  resolveLimits(options.limits);
}
