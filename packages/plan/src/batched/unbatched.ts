import type { BatchResult } from "./batched.ts";

declare const keys: unique symbol;

/** The keys that a method with `@batched()` gets: a list, with a mark for {@link Unbatched}. */
export type Keys<K> = K[] & { readonly [keys]?: never };

/**
 * The type of a class for its callers: each method whose argument is {@link Keys} gets a single key
 * and returns a single result.
 */
export type Unbatched<T> = {
  [M in keyof T]: T[M] extends (list: infer L, ...rest: any) => infer R
    ? typeof keys extends keyof L
      ? L extends Keys<infer K>
        ? (key: K) => Promise<BatchResult<ItemOf<Awaited<R>>>>
        : T[M]
      : T[M]
    : T[M];
};

type ItemOf<L> = L extends readonly (infer R)[] ? R : never;
