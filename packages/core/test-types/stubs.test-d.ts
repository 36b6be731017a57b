import type { RpcPromise, RpcStub, TargetBrand as RpcTarget } from "../src/types/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

interface Counter extends RpcTarget {
  inc(by?: number): number;
  readonly value: number;
}
interface User {
  id: number;
  name: string;
  tags: readonly string[];
  friend?: User;
  greet(x: string): string;
}
interface Api {
  add(a: number, b: number): number;
  user(id: number): Promise<User>;
  users(): User[];
  maybe(): User | null;
  counter(): Counter;
  use(c: Counter): void;
  useStub(c: RpcStub<Counter>): void;
  sub(cb: (ev: { name: string; c: Counter }) => void): void;
  subStub(cb: RpcStub<(x: number) => string>): void;
  tuple(): [number, Counter];
  bad(): Map<string, string>;
  take(x: { a: number; list: string[] }): string;
  opt?(x: number): string;
  id<T>(x: T): T;
}
declare const api: RpcStub<Api>;
export async function f() {
  const n: number = await api.add(1, 2);
  const p = api.user(1);
  const name: string = await p.name;
  const g: string = await p.greet("x");
  const fr: string = await p.friend.friend.name;
  const names = await api.users().map((u) => u.name);
  expectTrue<Equal<typeof names, string[] & Disposable>>();
  const objs = await api.users().map((u) => ({ id: u.id, s: api.add(u.id, 1), g: u.greet("x") }));
  const s: number = objs[0]!.s;
  const m = await api.maybe().map((u) => u.name);
  expectTrue<Equal<typeof m, string | null>>();
  using c = await api.counter();
  const i: number = await c.inc();
  await api.use(c);
  await api.use(api.counter());
  await api.useStub(c);
  await api.useStub(api.counter());
  await api.sub((ev) => {
    const n: string = ev.name;
    ev.c.inc();
    n;
  });
  await api.subStub((x) => x.toFixed());
  const t = await api.tuple();
  const tc: number = await t[1].inc();
  await api.take({ a: api.add(1, 2), list: [api.user(1).name, "x"] });
  await api.take({ a: p.id, list: p.tags.map((t) => t) });
  const o: string = await api.opt(1);
  // @ts-expect-error wrong type
  api.add("x", 2);
  // @ts-expect-error async
  api.users().map(async (u) => u.name);
  // @ts-expect-error no such method
  api.nope();
  await api.id(5);
  const bad = await api.bad();
  expectTrue<Equal<typeof bad, never>>();
  return [n, name, g, fr, s, i, tc, o];
}
declare const rp: RpcPromise<Counter>;
api.use(rp);
