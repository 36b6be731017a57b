import type { RpcPromise, RpcStub, TargetBrand, ValueTypes } from "../src/types/index.ts";
import { type Equal, expectTrue } from "./equal.ts";

interface Leaf extends TargetBrand {
  value: number;
}

interface Node extends TargetBrand {
  readonly name: string;
  readonly parent: Node | undefined;
  readonly children: readonly Node[];
  find(path: string): Promise<Node | null>;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

interface Api {
  root(): Node;
  json(value: Json): Json;
  either(flag: boolean): { kind: "leaf"; leaf: Leaf } | { kind: "text"; text: string };
  record(): Record<string, Leaf>;
  readonlyTuple(): readonly [first: string, second: Leaf, ...rest: number[]];
  optional(required: string, maybe?: number, ...rest: boolean[]): void;
  options(options: { a?: string; b?: Leaf; on?: (event: string) => void }): void;
  anything(value: any): any;
  whatever(value: unknown): unknown;
  identity<T>(value: T): T;
  throws(): never;
  bytes(): Uint8Array;
  stream(): ReadableStream<Uint8Array>;
  upload(stream: ReadableStream<Uint8Array>, to: WritableStream<string>): Date;
  callback(): (x: number) => string;
  takesSymbol(value: symbol): void;
  takesMap(value: Map<string, number>): void;
  givesRegExp(): { pattern: RegExp };
  overloaded(x: number): number;
  then2: string;
}

declare const api: RpcStub<Api>;
declare const leaf: RpcStub<Leaf>;

export async function results() {
  // Recursive interfaces, deep chains.
  const deep: string = await api.root().find("a").children[0]!.parent.find("b").parent.parent
    .children[3]!.name;
  const found = await api.root().find("x");
  expectTrue<Equal<typeof found, RpcStub<Node> | null>>();

  // Unions keep their discriminants.
  const either = await api.either(true);
  if (either.kind === "leaf") {
    const value: number = await either.leaf.value;
    value;
  } else {
    either.text.toUpperCase();
  }

  const record = await api.record();
  const value: number = await record["x"]!.value;
  const tuple = await api.readonlyTuple();
  const first: string = tuple[0];
  const second: number = await tuple[1].value;

  const any = await api.anything(1);
  any.whatever.you.like;
  const unknown = await api.whatever(1);
  expectTrue<Equal<typeof unknown, unknown>>();

  const bytes = await api.bytes();
  expectTrue<Equal<typeof bytes, Uint8Array & Disposable>>();
  for await (const chunk of (await api.stream()) as unknown as AsyncIterable<Uint8Array>) {
    chunk.byteLength;
  }
  const date: Date = await api.upload(null as never, null as never);

  const callback = await api.callback();
  const text: string = await callback(5);
  const direct: string = await api.callback()(5);
  const json: Json = await api.json({ a: [1, { b: null }] });
  return [deep, value, first, second, date, text, direct, json];
}

export function arguments_() {
  api.optional("x");
  api.optional("x", 1, true, false);
  api.optional("x", undefined);
  api.options({});
  api.options({ a: "x", b: leaf, on: (event) => event.toUpperCase() });
  api.options({ b: api.root().find("x") as unknown as RpcPromise<Leaf> });
  api.json(api.json([1]));
  api.overloaded(Promise.resolve(5));

  // @ts-expect-error missing argument
  api.optional();
  // @ts-expect-error wrong type in the rest
  api.optional("x", 1, "y");
  // @ts-expect-error a stub of something else
  api.options({ b: api.root() });
  // @ts-expect-error symbols can't travel
  api.takesSymbol(Symbol());
  // @ts-expect-error Maps can't travel
  api.takesMap(new Map());
  // @ts-expect-error nor can what holds one: the property is `never`
  api.givesRegExp().then(({ pattern }) => pattern.source);
}

export async function maps() {
  const values = await api
    .root()
    .children.map((child) => ({ name: child.name, again: [child.name] }));
  const name: string = values[0]!.name;
  const again: string = values[0]!.again[0]!;
  const nested = await api.root().children.map((child) => child.children.map((each) => each.name));
  const inner: string = nested[0]![0]!;
  const constants = await api.root().children.map(() => 5);
  expectTrue<Equal<typeof constants, number[] & Disposable>>();
  const one = await api.root().map((root) => root.name);
  expectTrue<Equal<typeof one, string>>();
  return [name, again, inner];
}

export function lifetimes() {
  using copy = leaf.dup();
  const unregister: () => void = copy.onRpcBroken((error) => error);
  unregister();
  leaf[Symbol.dispose]();
  api.root()[Symbol.dispose]();
}

// The list of value types has each of the value table's kinds. A test compares the names.
export type Kinds = keyof ValueTypes;
