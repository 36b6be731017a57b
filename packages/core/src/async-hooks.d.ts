/** The used part of `node:async_hooks`. Programs for browsers are compiled without Node's types. */
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, callback: () => R): R;
    getStore(): T | undefined;
  }
}
