/// <reference lib="esnext.disposable" preserve="true" />

/**
 * An object with a disposer: the same as the `Disposable` of TypeScript's library.
 *
 * The reference above declares `Symbol.dispose` where a program's `lib` leaves it out. Without it,
 * the compiler would treat every type with a disposer as `any`, and report that only if it checks
 * the declarations of libraries (`skipLibCheck: false`).
 */
export interface WithDispose {
  [Symbol.dispose](): void;
}
