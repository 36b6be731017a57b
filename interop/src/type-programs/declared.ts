import type { TypeProgram } from "./program.ts";

/** Interfaces and functions that a program declares: generics, overloads, unusual members. */
export const DECLARED: readonly TypeProgram[] = [
  {
    name: "a generic method's result",
    code: `interface G { same<T>(x: T): T } const g = null as unknown as RpcStub<G>; const r = await g.same(1); type T = Expect<Equal<typeof r, unknown>>; void (0 as unknown as T);`,
  },
  {
    name: "a generic argument",
    code: `const f = <K extends string>(s: RpcStub<(x: { key: K }) => void>, key: K) => s({ key }); void f;`,
  },
  {
    name: "a bare generic argument",
    code: `const f = <K>(s: RpcStub<(x: K) => void>, key: K) => s(key); void f;`,
    deviates: { ours: "accepts", because: "type parameters flow through" },
  },
  {
    name: "a generic argument in a list",
    code: `const f = <K>(s: RpcStub<(x: K[]) => void>, key: K) => s([key]); void f;`,
  },
  {
    name: "a generic argument of a method",
    code: `interface G<K> { put(key: K): void } const f = <K>(s: RpcStub<G<K>>, key: K) => s.put(key); void f;`,
    deviates: { ours: "accepts", because: "type parameters flow through" },
  },
  {
    name: "a wrong generic argument",
    code: `const f = <K extends string>(s: RpcStub<(x: { key: K }) => void>) => s({ key: 1 }); void f;`,
  },
  {
    name: "a generic function over stubs",
    code: `const f = <T extends Lamp>(s: RpcStub<T>) => s.dup(); f(lamp);`,
  },
  {
    name: "a call on a generic stub",
    code: `const f = <T extends Lamp>(s: RpcStub<T>) => s.dim(1); void f;`,
  },
  {
    name: "both overloads",
    code: `interface O { get(k: number): number; get(k: string): string } const o = null as unknown as RpcStub<O>; const n: number = await o.get(1); const t: string = await o.get("a"); void n; void t;`,
    deviates: { ours: "accepts", because: "every overload can be called" },
  },
  {
    name: "the last overload",
    code: `interface O { get(k: number): number; get(k: string): string } const o = null as unknown as RpcStub<O>; const t: string = await o.get("a"); void t;`,
  },
  {
    name: "an argument of no overload",
    code: `interface O { get(k: number): number; get(k: string): string } const o = null as unknown as RpcStub<O>; await o.get(true);`,
  },
  {
    name: "an optional method, called",
    code: `interface O { maybe?(x: number): string } const o = null as unknown as RpcStub<O>; await o.maybe(1);`,
    deviates: { ours: "accepts", because: "calls can be pipelined to what may be there" },
  },
  {
    name: "a member with a symbol for a name",
    code: `const s: unique symbol = Symbol(); interface O { [s]: number; a: number } const o = null as unknown as RpcStub<O>; o[s];`,
  },
  {
    name: "a recursive interface",
    code: `interface N { next(): N; value: number } const n = null as unknown as RpcStub<N>; const v: number = await n.next().next().value; void v;`,
  },
  {
    name: "a recursive value",
    code: `type J = string | J[] | { [k: string]: J }; interface O { j(x: J): J } const o = null as unknown as RpcStub<O>; await o.j([{ a: "b" }]);`,
  },
  {
    name: "a promise for a property",
    code: `interface O { late: Promise<{ a: number }> } const o = null as unknown as RpcStub<O>; const n: number = await o.late.a; void n;`,
  },
  {
    name: "a promise within a result",
    code: `interface O { get(): { late: Promise<number> } } const o = null as unknown as RpcStub<O>; const { late } = await o.get(); void late.toFixed();`,
  },
  {
    name: "a Map as a result",
    code: `interface O { get(): Map<string, number> } const o = null as unknown as RpcStub<O>; (await o.get()).get("a");`,
    deviates: { ours: "refuses", because: "neither implementation encodes it" },
  },
  {
    name: "a Map as an argument",
    code: `interface O { put(m: Map<string, number>): void } const o = null as unknown as RpcStub<O>; await o.put(new Map());`,
    deviates: { ours: "refuses", because: "neither implementation encodes it" },
  },
  {
    name: "a Set as an argument",
    code: `interface O { put(m: Set<number>): void } const o = null as unknown as RpcStub<O>; await o.put(new Set());`,
    deviates: { ours: "refuses", because: "neither implementation encodes it" },
  },
  {
    name: "a RegExp as an argument",
    code: `interface O { put(m: RegExp): void } const o = null as unknown as RpcStub<O>; await o.put(/a/);`,
    deviates: { ours: "refuses", because: "neither implementation encodes it" },
  },
  {
    name: "a symbol as a result",
    code: `interface O { get(): symbol } const o = null as unknown as RpcStub<O>; const s: symbol = await o.get(); void s;`,
  },
  {
    name: "a private member",
    code: `class P extends RpcTarget { private secret() { return 1; } show() { return this.secret(); } } const p = null as unknown as RpcStub<P>; p.secret();`,
  },
  {
    name: "an interface with a method dup",
    code: `interface O { dup(deep: boolean): number } const o = null as unknown as RpcStub<O>; o.dup(true);`,
  },
  {
    name: "an interface with a method map, called as its own",
    code: `interface O { map(name: string): number } const o = null as unknown as RpcStub<O>; o.map("a");`,
    deviates: { ours: "refuses", because: "stubs answer these names themselves" },
  },
  {
    name: "a session of an interface with a method dup",
    code: `interface O { dup(deep: boolean): number } new RpcSession<O>(transport);`,
    deviates: { ours: "refuses", because: "stubs answer these names themselves" },
  },
  {
    name: "a session of a target with a method map",
    code: `class O extends RpcTarget { map(name: string) { return name; } } new RpcSession<O>(transport);`,
    deviates: { ours: "refuses", because: "stubs answer these names themselves" },
  },
  {
    name: "a session of an interface with a property then",
    code: `interface O { then: number } new RpcSession<O>(transport);`,
  },
  {
    name: "a stub of any keeps its own members",
    code: `const a = null as unknown as RpcStub<any>; a.dup(); a.onRpcBroken((e) => void e); a[Symbol.dispose]();`,
  },
  {
    name: "any method of a stub of any",
    code: `const a = null as unknown as RpcStub<any>; await a.whatever(1);`,
    deviates: { ours: "accepts", because: "the interface says any" },
  },
  {
    name: "a stub of any for one of something",
    code: `const a = null as unknown as RpcStub<any>; const l: RpcStub<Lamp> = a; void l;`,
  },
  {
    name: "a stub of a stub",
    code: `const s = null as unknown as RpcStub<RpcStub<Lamp>>; await s.dim(1);`,
  },
  {
    name: "a method that takes itself",
    code: `interface O { link(other: RpcStub<O>): void } const o = null as unknown as RpcStub<O>; await o.link(o);`,
    deviates: { ours: "accepts", because: "interfaces may contain themselves" },
  },
  {
    name: "a class that implements an interface",
    code: `interface O { get(): number } class C extends RpcTarget implements O { get() { return 1; } } const o: RpcStub<O> = new RpcStub(new C()); await o.get();`,
    deviates: { ours: "accepts", because: "interfaces needn't be branded" },
  },
  {
    name: "a stub of a class for one of its base",
    code: `class C extends Lamp { blink() {} } const c = new RpcStub(new C()); const l: RpcStub<Lamp> = c; void l;`,
  },
  {
    name: "a stub of a base class for one of a class",
    code: `class C extends Lamp { blink() {} } const c: RpcStub<C> = lamp; void c;`,
  },
  {
    name: "a stub for a parameter in a function's own signature",
    code: `const f = async (l: RpcStub<Lamp>) => { await l.dim(1); }; await f(lamp); await f(await home.lamp());`,
  },
  {
    name: "a promise for a stub in a function's own signature",
    code: `const f = async (l: RpcStub<Lamp>) => { await l.dim(1); }; await f(home.lamp());`,
  },
  {
    name: "a record of functions",
    code: `interface O { all(): Record<string, () => number> } const o = null as unknown as RpcStub<O>; const all = await o.all(); const n: number = await all.a!(); void n;`,
  },
  {
    name: "an enum",
    code: `enum E { A, B } interface O { e(x: E): E } const o = null as unknown as RpcStub<O>; const e: E = await o.e(E.A); void e;`,
  },
  {
    name: "a branded text",
    code: `type Id = string & { readonly tag: unique symbol }; interface O { get(id: Id): Id } const o = null as unknown as RpcStub<O>; const id: Id = await o.get("a" as Id); await o.get(id);`,
  },
  {
    name: "a plain text for a branded one",
    code: `type Id = string & { readonly tag: "id" }; interface O { get(id: Id): Id } const o = null as unknown as RpcStub<O>; await o.get("a");`,
  },
  {
    name: "a literal",
    code: `interface O { mode(m: "on" | "off"): void } const o = null as unknown as RpcStub<O>; await o.mode("on");`,
  },
  {
    name: "another literal",
    code: `interface O { mode(m: "on" | "off"): void } const o = null as unknown as RpcStub<O>; await o.mode("dim");`,
  },
  {
    name: "a bigint",
    code: `interface O { big(n: bigint): bigint } const o = null as unknown as RpcStub<O>; const n: bigint = await o.big(1n); void n;`,
  },
  {
    name: "a tuple with a rest",
    code: `interface O { t(x: [string, ...number[]]): void } const o = null as unknown as RpcStub<O>; await o.t(["a", 1, 2]);`,
  },
  {
    name: "a wrong tuple",
    code: `interface O { t(x: [string, number]): void } const o = null as unknown as RpcStub<O>; await o.t([1, "a"]);`,
  },
  {
    name: "a function with a property",
    code: `interface F { (x: number): string; readonly note: number } const f = null as unknown as RpcStub<F>; const n: number = await f.note; const t: string = await f(1); void n; void t;`,
  },
];
