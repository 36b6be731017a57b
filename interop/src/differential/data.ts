import type { Kind } from "./world.ts";

const bytes = () => new Uint8Array([1, 2, 254, 255]);

class Instance {
  name = "instance";
  greet() {
    return "hello";
  }
}

const holes = () => {
  const list: unknown[] = [1, 2, 3];
  delete list[1];
  return list;
};

const cycle = () => {
  const node: Record<string, unknown> = {};
  node["self"] = node;
  return node;
};

const deep = (levels: number) => {
  let node: unknown = "bottom";
  for (let i = 0; i < levels; i++) node = { node };
  return node;
};

const throwing = {
  get name(): never {
    throw new RangeError("the getter threw");
  },
};

/** Values that are data or that can't be sent, by the expression that makes them. */
const makers: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  "a number": () => 42,
  "-0": () => -0,
  NaN: () => Number.NaN,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  text: () => "some text",
  "a lone surrogate": () => "\ud800",
  "a bigint": () => -12345678901234567890n,
  "a symbol": () => Symbol("s"),
  "a boxed number": () => Object(5),
  "a date": () => new Date(86_400_000),
  "an invalid date": () => new Date(Number.NaN),
  "a Uint8Array": bytes,
  "a Buffer": () => Buffer.from(bytes()),
  "an ArrayBuffer": () => bytes().buffer,
  "a DataView": () => new DataView(bytes().buffer, 1, 2),
  "a Float64Array": () => new Float64Array([1.5, -0, Number.NaN]),
  "an empty Int16Array": () => new Int16Array(0),
  "a SharedArrayBuffer": () => new SharedArrayBuffer(4),
  "a URL": () => new URL("https://example.com/a?b#c"),
  URLSearchParams: () => new URLSearchParams("a=b"),
  "an array": () => ["a", ["b"], []],
  "an array with a hole": holes,
  "an array with a property": () => Object.assign([1], { name: "list" }),
  "an object": () => ({ name: "object", deep: { er: [1, { name: "inner" }] } }),
  "an empty object": () => ({}),
  "an object with odd keys": () =>
    JSON.parse('{"toJSON":1,"__proto__":2,"constructor":3,"":4,"a b":5,"then":6,"toString":7}'),
  "an object with a symbol key": () => ({ [Symbol("s")]: 1, name: "with symbol" }),
  "an object with toJSON": () => ({ name: "n", toJSON: () => "json" }),
  "an object with undefined": () => ({ name: undefined }),
  "an object with a getter": () => ({
    get name() {
      return "got";
    },
  }),
  "an object whose getter throws": () => throwing,
  "an object with a hidden property": () =>
    Object.defineProperty({ name: "open" }, "hidden", { value: 1, enumerable: false }),
  "a frozen object": () => Object.freeze({ name: "frozen", list: Object.freeze([1]) }),
  "a null-prototype object": () => Object.assign(Object.create(null), { name: "bare" }),
  "an object that inherits": () => Object.create({ name: "inherited" }),
  "one object twice": () => {
    const shared = { name: "shared" };
    return { first: shared, second: shared };
  },
  "a cycle": cycle,
  "250 levels": () => deep(250),
  "260 levels": () => deep(260),
  "an instance": () => new Instance(),
  "a Map": () => new Map([["name", 1]]),
  "a Set": () => new Set([1]),
  "a RegExp": () => /name/g,
  "a WeakMap": () => new WeakMap(),
  "a proxy of an object": () => new Proxy({ name: "proxied" }, {}),
  "a thenable": () => ({
    then: (resolve: (value: string) => void) => resolve("thenable's value"),
  }),
  "an iterator": () => [1, 2][Symbol.iterator](),
  "a generator": () =>
    (function* () {
      yield 1;
    })(),
  arguments: () =>
    (function () {
      // biome-ignore lint/complexity/noArguments: it is what is tested
      return arguments;
    })(),
};

export const dataKinds: readonly Kind[] = Object.entries(makers).map(([name, make]) => ({
  name,
  make,
}));
