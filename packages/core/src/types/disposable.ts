/// <reference lib="esnext.disposable" preserve="true" />

/**
 * An object with a disposer: the same as the `Disposable` of TypeScript's library.
 *
 * The reference above makes `Symbol.dispose` known where a program's `lib` leaves it out. Without
 * it, the compiler would take every type that has a disposer for `any`, and say so only where it
 * checks the declarations of libraries (`skipLibCheck: false`).
 */
export interface WithDispose {
  [Symbol.dispose](): void;
}
