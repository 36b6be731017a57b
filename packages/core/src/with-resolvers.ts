/** A promise and what settles it. (`Promise.withResolvers` is missing from Node 20.) */
export interface WithResolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T | PromiseLike<T>): void;
  reject(reason: unknown): void;
}

export function withResolvers<T>(): WithResolvers<T> {
  let resolve!: WithResolvers<T>["resolve"];
  let reject!: WithResolvers<T>["reject"];
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
