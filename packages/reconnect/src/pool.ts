import { callOptions, type RpcCompatible, type RpcStub, type Transport } from "@capnweb/core";
import { Spread } from "@capnweb/core/following";
import type { KeptOptions } from "@capnweb/durable/client";
import { platformClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import { ConnectionClosedError } from "./errors.ts";
import { OfflineCalls } from "./offline-calls.ts";
import type { ConnectOptions, OpenContext } from "./options.ts";
import { RetryBudget } from "./retry-budget.ts";

/** An attempt to open a connection of a pool. */
export interface PoolOpenContext extends OpenContext {
  /** The URL to connect to, if the pool has `urls`. After a failure, it is the next one. */
  readonly url: string;
  /** The index of the connection in the pool. */
  readonly index: number;
}

/** Options of `connectPool()`: those of `connect()`, which apply to each connection, and these. */
export interface PoolOptions extends Omit<ConnectOptions, "open"> {
  /** Opens a connection of the pool. Called for each attempt. */
  open(context: PoolOpenContext): Transport | PromiseLike<Transport>;
  /** The URLs of servers of the same kind. The connections are spread over them. Default: none. */
  urls?: readonly (string | URL)[] | undefined;
  /** The number of connections. Default: that of `urls`, or 2. */
  size?: number | undefined;
}

/**
 * Several connections to peers of the same kind, made by `connectPool()`. Each call goes to the
 * open connection with the fewest calls under way. Calls on its result, and capabilities in it,
 * stay with that connection.
 *
 * @typeParam T the peers' main objects
 */
export class ConnectionPool<T extends RpcCompatible<T>> implements Disposable {
  readonly #connections: readonly Connection<T>[];
  readonly #spread: Spread<T>;
  readonly #offline: OfflineCalls;
  readonly #api: RpcStub<T>;
  /** The calls that were made in this turn. */
  readonly #chosen = new Map<Connection<T>, number>();

  /** For `connectPool()` only. */
  constructor(options: PoolOptions) {
    const { clock = platformClock, urls = [], call } = options;
    const size = options.size ?? (urls.length || 2);
    const budget = new RetryBudget(options.retryBudget ?? {}, clock);
    this.#offline = new OfflineCalls(options.offline ?? {}, budget, clock, () => undefined);
    const choice = {
      isReady: () => this.#best() !== undefined,
      choose: () => this.#choose().followed,
      all: () => this.#connections.map(({ followed }) => followed),
    };
    this.#spread = new Spread<T>(this.#offline, choice, () => this.close());
    this.#api = call ? callOptions(this.#spread.stub, call) : this.#spread.stub;
    this.#connections = Array.from({ length: size }, (_, index) => {
      const open = (context: OpenContext) => {
        const url = urls[(index + context.attempt) % urls.length];
        return options.open({ ...context, url: url === undefined ? "" : String(url), index });
      };
      return new Connection<T>({ ...options, open });
    });
    for (const connection of this.#connections) {
      connection.addEventListener("statechange", ({ error }) => this.#changed(error));
    }
    // The signal may have aborted before.
    this.#changed(options.signal?.reason);
  }

  /**
   * The stub of the peers' main objects. Each call on it goes to one of them. Calls wait while no
   * connection is open. Disposing of it closes the pool.
   */
  get api(): RpcStub<T> {
    return this.#api;
  }

  /** The connections, whose states and events tell of each. The pool owns them. */
  get connections(): readonly Connection<T>[] {
    return this.#connections;
  }

  /** The number of calls that wait because no connection is open. */
  get waiting(): number {
    return this.#offline.size;
  }

  /**
   * Keeps a capability across restores, as `keep()` of a connection does. It stays with the
   * connection that has the fewest calls under way now.
   *
   * @param derive gets the main stub of a session, which it doesn't own
   * @param options a token to start with, and a listener that stores tokens
   * @returns a stub for the caller to dispose of
   */
  keep<R>(derive: (api: RpcStub<T>) => R, options?: KeptOptions): RpcStub<Awaited<R>> {
    return (this.#best() ?? this.#connections[0]!).keep(derive, options);
  }

  /** Closes all connections for good. Calls fail with a `ConnectionClosedError`. Idempotent. */
  close(reason?: unknown): void {
    for (const connection of this.#connections) connection.close(reason);
    this.#spread.end(new ConnectionClosedError("never", reason));
    this.#offline.stop();
  }

  /** Does the same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The open connection with the fewest calls under way, if any is open. */
  #best(): Connection<T> | undefined {
    let best: Connection<T> | undefined;
    // Empty while the pool is made.
    for (const connection of this.#connections ?? []) {
      if (connection.state !== "open") continue;
      if (!best || this.#load(connection) < this.#load(best)) best = connection;
    }
    return best;
  }

  #choose(): Connection<T> {
    const best = this.#best()!;
    // A result counts as under way once it is awaited, which takes some microtasks.
    if (this.#chosen.size === 0)
      void SETTLED.then()
        .then()
        .then(() => this.#chosen.clear());
    this.#chosen.set(best, (this.#chosen.get(best) ?? 0) + 1);
    return best;
  }

  #load(connection: Connection<T>): number {
    return Math.max(connection.underWay, this.#chosen.get(connection) ?? 0);
  }

  /** @param error the reason of the change, if it is a failure */
  #changed(error: unknown): void {
    if (this.#connections.every(({ state }) => state === "closed")) this.close(error);
    else this.#spread.proceed();
  }
}

const SETTLED = Promise.resolve();
