import { attempt, outcome, type Scenario } from "./scenario.ts";

const bytes = [0, 1, 2, 254, 255, 0, 0, 0];
const buffer = () => new Uint8Array(bytes).buffer;

const VALUES: Readonly<Record<string, () => unknown>> = {
  string: () => 'text \u{1f600} \u2028 "quoted"',
  "empty string": () => "",
  number: () => 1.5,
  "negative zero": () => -0,
  "large number": () => 1e300,
  true: () => true,
  null: () => null,
  undefined: () => undefined,
  NaN: () => Number.NaN,
  infinities: () => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  bigint: () => [0n, -5n, 123456789012345678901234567890n],
  date: () => new Date(1700000000123),
  "invalid date": () => new Date(Number.NaN),
  "empty array": () => [],
  "nested arrays": () => [[], [[1]], [[[2], 3]]],
  "array with a tag": () => ["date", 5],
  "sparse array": () => {
    const list: unknown[] = [];
    list[2] = 1;
    return list;
  },
  object: () => ({ a: 1, b: { c: [true, { d: null }] }, "": 0, 5: "five" }),
  "empty object": () => ({}),
  "undefined properties": () => ({ a: undefined, b: 1 }),
  "dangerous names": () => JSON.parse('{"__proto__":{"x":1},"constructor":2,"toJSON":3,"ok":4}'),
  "symbol keys": () => ({ [Symbol.for("x")]: 1, y: 2 }),
  Uint8Array: () => new Uint8Array(bytes),
  Buffer: () => Buffer.from(bytes),
  "empty bytes": () => new Uint8Array(0),
  ArrayBuffer: () => buffer(),
  DataView: () => new DataView(buffer()),
  "a view of a part": () => new Uint8Array(buffer(), 1, 3),
  Int8Array: () => new Int8Array(buffer()),
  Uint8ClampedArray: () => new Uint8ClampedArray(buffer()),
  Int16Array: () => new Int16Array(buffer()),
  Uint16Array: () => new Uint16Array(buffer()),
  Int32Array: () => new Int32Array(buffer()),
  Uint32Array: () => new Uint32Array(buffer()),
  BigInt64Array: () => new BigInt64Array(buffer()),
  BigUint64Array: () => new BigUint64Array(buffer()),
  Float32Array: () => new Float32Array([1.5, -2]),
  Float64Array: () => new Float64Array([1.5]),
  URL: () => new URL("https://user@example.com:8080/a?b=c#d"),
  Headers: () =>
    new Headers([
      ["x-a", "1"],
      ["X-B", "2"],
      ["x-a", "3"],
    ]),
};

const UNSENDABLE: Readonly<Record<string, () => unknown>> = {
  symbol: () => Symbol("s"),
  Map: () => new Map(),
  Set: () => new Set(),
  RegExp: () => /x/,
  "class instance": () => new (class Thing {})(),
  "null prototype": () => Object.create(null),
  "subclass of Array": () => new (class List extends Array {})(),
  // A fixed time, because the error's message contains it.
  "subclass of Date": () => new (class Day extends Date {})(0),
  "boxed number": () => Object(5),
  URLSearchParams: () => new URLSearchParams("a=b"),
  "deep inside": () => ({ a: [{ b: new Map() }] }),
};

/** A value as text that shows its type and content. */
export function shown(value: any): string {
  if (value === undefined) return "undefined";
  if (Object.is(value, -0)) return "0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, shown).join(",")}]`;
  // In Node, bytes decoded from text are a Buffer. Elsewhere they are a Uint8Array.
  const name = Buffer.isBuffer(value) ? "Uint8Array" : value.constructor?.name;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${Buffer.from(value).toString("hex")})`;
  if (ArrayBuffer.isView(value)) {
    const { buffer: source, byteOffset, byteLength } = value;
    return `${name}(${Buffer.from(source as ArrayBuffer, byteOffset, byteLength).toString("hex")})`;
  }
  if (value instanceof URL) return `URL(${value.href})`;
  if (value instanceof Headers) return `Headers(${JSON.stringify([...value])})`;
  const entries = Object.entries(value).map(([key, each]) => `${key}:${shown(each)}`);
  return `${name}{${entries.join(",")}}`;
}

const echoes = (name: string, make: () => unknown): Scenario => ({
  name: `value: ${name}`,
  oneBatch: true,
  run: async ({ api }) => shown(await api.echo(make())),
});

const refusals = (name: string, make: () => unknown): Scenario => ({
  name: `unsendable: ${name}`,
  oneBatch: true,
  async run({ api }) {
    const failed = attempt(() => api.echo(make()));
    return [failed, await api.add(1, 2)];
  },
});

export const valueScenarios: Scenario[] = [
  ...Object.entries(VALUES).map(([name, make]) => echoes(name, make)),
  ...Object.entries(UNSENDABLE).map(([name, make]) => refusals(name, make)),
  {
    name: "value: several arguments",
    oneBatch: true,
    run: async ({ api }) => shown(await api.echo(1, undefined, [2], { a: new Date(0) })),
  },
  {
    name: "value: no result",
    oneBatch: true,
    run: async ({ api }) => shown(await api.nothing()),
  },
  {
    name: "value: native promises",
    oneBatch: true,
    run: async ({ api }) =>
      shown(
        await api.echo(Promise.resolve(1), [Promise.resolve({ a: 2 }), { b: Promise.resolve() }]),
      ),
    deviates: { where: "client", why: "the reference doesn't take native promises" },
  },
  {
    name: "unsendable: a result",
    oneBatch: true,
    deviates: { where: "bytes", why: "our error says where the value stands" },
    run: async ({ api }) => outcome(api.unsendable()),
  },
  {
    name: "value: nested to the limit",
    oneBatch: true,
    async run({ api }) {
      let value: unknown = 1;
      for (let i = 0; i < 250; i++) value = [value];
      return JSON.stringify(await api.echo(value)).length;
    },
  },
  {
    name: "unsendable: nested too deep",
    oneBatch: true,
    async run({ api }) {
      const value: unknown[] = [];
      value.push(value);
      return [attempt(() => api.echo(value)), await api.add(1, 1)];
    },
  },
];
