import type { Load } from "./batch.ts";
import type { BatchContext } from "./batch-context.ts";
import { Collector } from "./collector.ts";
import { type BatchOptions, settingsOf } from "./options.ts";

type Awaitable<T> = T | PromiseLike<T>;

/** The result of one call of a batched function that returns a list of `R`. */
export type BatchResult<R> = Awaited<Exclude<R, Error>>;

/** A decorator of methods that get a list of keys and return a list of results. */
export type BatchDecorator = <T, F extends (this: T, keys: any, batch: BatchContext) => unknown>(
  method: F,
  context: ClassMethodDecoratorContext<T, F>,
) => F;

/**
 * Makes a function that answers many calls at once into one that is called for a single key. The
 * calls of one turn of the event loop, such as those of a `map()` or of pipelined calls, become one
 * call of the function. Clients needn't know: it works with every peer.
 *
 * Only calls of one caller share a batch: those with the same `this`, session and metadata. A call
 * whose caller isn't known rejects with a `NoCallError`: see the option `shared`.
 *
 * - The function gets the keys in the order of the calls. Equal keys are one: see `identify`.
 * - It returns a list with one result for each key, in the same order, or a promise of it. An
 *   `Error` in the list fails the calls for its key. If the function throws, all calls fail.
 * - The keys, and capabilities in them, stay the callers': they are disposed of when the calls are
 *   over. The results are handed over. Calls that share one get their own references.
 * - `batch.signal` aborts once no call needs its result any more.
 *
 * Calls that the function makes itself belong to no call. Hand `batch.metadata` and `batch.signal`
 * on by `callOptions()`.
 *
 * @param load the function; `this` is that of the calls
 * @returns a function that rejects with a {@link BatchError} for a list of a wrong length
 * @throws TypeError for an option of a wrong type
 *
 * @example
 * ```ts
 * class Users extends RpcTarget {
 *   readonly #names = batched(async (ids: string[]) => {
 *     const rows = await db.query("select id, name from users where id = any($1)", [ids]);
 *     const byId = new Map(rows.map(({ id, name }) => [id, name]));
 *     return ids.map((id) => byId.get(id) ?? new Error(`No user ${id}.`));
 *   });
 *   name(id: string) {
 *     return this.#names(id);
 *   }
 * }
 * ```
 */
export function batched<K, R, T = unknown>(
  load: (this: T, keys: K[], batch: BatchContext) => Awaitable<readonly R[]>,
  options?: BatchOptions<K>,
): (this: T, key: K) => Promise<BatchResult<R>>;
/**
 * Decorates a method that gets a list of keys, so that it is called for a single key. The type
 * {@link Unbatched} is the type of the class for callers.
 *
 * @example
 * ```ts
 * class Users extends RpcTarget {
 *   @batched()
 *   async name(ids: Keys<string>) {
 *     return await db.names(ids);
 *   }
 * }
 * const session = new RpcSession<Unbatched<Users>>(transport);
 * const names = await session.getRemoteMain().ids().map((id) => users.name(id));
 * ```
 */
export function batched(options?: BatchOptions): BatchDecorator;
export function batched(load?: Load | BatchOptions, options?: BatchOptions): unknown {
  if (typeof load === "function") return collected(load, options);
  // Checked now, where the decorator stands.
  settingsOf(load);
  return (method: Load, context: { readonly kind?: unknown } | undefined) => {
    if (context?.kind !== "method") {
      throw new TypeError(
        "@batched() decorates methods, by the standard of decorators. Turn " +
          "experimentalDecorators off, or use batched(fn).",
      );
    }
    return collected(method, load);
  };
}

function collected(load: Load, options: BatchOptions | undefined): unknown {
  const collector = new Collector(load, settingsOf(options));
  const call = function (this: unknown, key: unknown): Promise<unknown> {
    return collector.call(this, key);
  };
  return Object.defineProperty(call, "name", { value: load.name, configurable: true });
}
