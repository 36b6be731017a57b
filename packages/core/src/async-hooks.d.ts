/** The part of `node:async_hooks` in use: programs for browsers are compiled without Node's types. */
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, callback: () => R): R;
    getStore(): T | undefined;
  }
}
