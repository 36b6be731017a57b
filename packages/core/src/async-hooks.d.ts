/** The part in use of `node:async_hooks`: browsers' programs are compiled without Node's types. */
declare module "node:async_hooks" {
  export class AsyncLocalStorage<T> {
    run<R>(store: T, callback: () => R): R;
    getStore(): T | undefined;
  }
}
