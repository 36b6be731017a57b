// Edge cases of the types: nothing at all, tuples, promises as parts of values, and values that
// can't be sent.
import {
  type RpcPromise,
  RpcSession,
  type RpcStub,
  RpcTarget,
  type RpcTransport,
} from "../src/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

class Counter extends RpcTarget {
  increment() {
    return 1;
  }
}

interface Api {
  nothing(): void;
  nil(): null;
  pair(): readonly [id: number, name: string];
  maybePair(): [Counter, string?];
  pending(): { count: RpcPromise<number>; counter: RpcPromise<Counter> };
  pendings(): RpcPromise<number>[];
  take(value: { index: Map<string, number> }): void;
  pattern(value: RegExp): void;
  generate(): Generator<number>;
  generateLater(): AsyncGenerator<number>;
  native(): { later: Promise<number> };
}
declare const api: RpcStub<Api>;

export async function nothing(): Promise<void> {
  using promise = api.nothing();
  promise.dup().onRpcBroken(() => {});
  const value: void = await promise;
  const nil: null = await api.nil();
  return value ?? nil ?? undefined;
}

/** A session whose peer's main object is unknown or unimportant. */
export function untyped(transport: RpcTransport): void {
  using main = new RpcSession(transport).getRemoteMain();
  main.dup().onRpcBroken(() => {});
}

export async function tuples() {
  const id: number = await api.pair()[0];
  const name: string = await api.pair()[1];
  // @ts-expect-error elements are reached by index; a peer gives no length
  api.pair().length;
  const count: number = await api.maybePair()[0].increment();
  const pair = await api.pair();
  expectTrue<Equal<(typeof pair)[0], number>>();
  // @ts-expect-error elements aren't of each other's type
  const wrong: string = await api.pair()[0];
  return [id, name, count, wrong];
}

/** The value of a promise in a result stands in the promise's place. */
export async function promisesInResults() {
  const { count, counter } = await api.pending();
  expectTrue<Equal<typeof count, number>>();
  expectTrue<Equal<typeof counter, RpcStub<Counter>>>();
  const list: number[] = await api.pendings();
  const { later } = await api.native();
  expectTrue<Equal<typeof later, number>>();
  return list;
}

export async function whatCantTravel() {
  // @ts-expect-error a Map can't, wherever it stands
  api.take({ index: new Map() });
  // @ts-expect-error nor as what a promise gives
  api.take({ index: Promise.resolve(new Map()) });
  // @ts-expect-error a RegExp can't
  api.pattern(/x/);
  const generator = await api.generate();
  expectTrue<Equal<typeof generator, never>>();
  const later = await api.generateLater();
  expectTrue<Equal<typeof later, never>>();
}
