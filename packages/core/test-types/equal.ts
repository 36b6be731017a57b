/** True if two types are the same, not merely assignable to one another. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles for `true` only. */
export declare function expectTrue<T extends true>(): void;
