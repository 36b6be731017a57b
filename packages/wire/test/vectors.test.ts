import { describe, expect, test } from "vitest";
import { deserialize, serialize } from "../src/index.ts";
import { decode, encode, LEVELS } from "./support/codec.ts";

const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);

/** The exact forms of docs/protocol.md. */
const VECTORS: readonly (readonly [string, unknown, string])[] = [
  ["text", "x", '"x"'],
  ["a list", [1, [2]], "[[1,[[2]]]]"],
  ["an object", { a: { b: [] } }, '{"a":{"b":[[]]}}'],
  ["undefined", undefined, '["undefined"]'],
  ["infinity", Number.POSITIVE_INFINITY, '["inf"]'],
  ["minus infinity", Number.NEGATIVE_INFINITY, '["-inf"]'],
  ["not a number", Number.NaN, '["nan"]'],
  ["a bigint", -12345678901234567890n, '["bigint","-12345678901234567890"]'],
  ["a date", new Date(1234), '["date",1234]'],
  ["an invalid date", new Date(Number.NaN), '["date",null]'],
  ["no bytes", new Uint8Array(0), '["bytes",""]'],
  ["one byte", new Uint8Array([255]), '["bytes","/w"]'],
  ["two bytes", new Uint8Array([255, 254]), '["bytes","//4"]'],
  ["bytes", bytes, '["bytes","AQIDBAUGBwg"]'],
  ["an ArrayBuffer", bytes.slice().buffer, '["bytes","AQIDBAUGBwg","ArrayBuffer"]'],
  ["a DataView", new DataView(bytes.slice().buffer, 2, 2), '["bytes","AwQ","DataView"]'],
  ["an Int16Array", new Int16Array(bytes.slice().buffer), '["bytes","AQIDBAUGBwg","Int16Array"]'],
  ["a Float32Array", new Float32Array([1]), '["bytes","AACAPw","Float32Array"]'],
  ["an error", new RangeError("m"), '["error","RangeError","m"]'],
  [
    "an error with more",
    Object.assign(new Error("m", { cause: 1 }), { code: "C" }),
    '["error","Error","m",null,{"code":"C","cause":1}]',
  ],
  ["a URL", new URL("http://a/b"), '["url","http://a/b"]'],
  [
    "headers",
    new Headers([
      ["B", "1"],
      ["a", "2"],
    ]),
    '["headers",[["a","2"],["b","1"]]]',
  ],
  ["a request", new Request("http://a/b"), '["request","http://a/b",{}]'],
  [
    "a request with settings",
    new Request("http://a/b", { method: "DELETE", cache: "no-store", headers: { x: "y" } }),
    '["request","http://a/b",{"method":"DELETE","headers":[["x","y"]],"cache":"no-store"}]',
  ],
  ["a response", new Response(null), '["response",null,{}]'],
  [
    "a response with settings",
    new Response(null, { status: 204, statusText: "None", headers: { x: "y" } }),
    '["response",null,{"status":204,"statusText":"None","headers":[["x","y"]]}]',
  ],
];

test.each(VECTORS)("%s", (_, value, text) => {
  expect(serialize(value)).toBe(text);
  expect(serialize(deserialize(text))).toBe(text);
});

describe("encoding a value", () => {
  test("leaves out names that no receiver accepts, and keeps undefined properties", () => {
    const object = JSON.parse('{"__proto__":1,"a":2}');
    object.b = undefined;
    object[Symbol("s")] = 3;
    expect(serialize(object)).toBe('{"a":2,"b":["undefined"]}');
  });

  test("gives a plain object itself, if it is stringified at once", () => {
    const plain = { a: 1, b: { c: "x" } };
    expect(encode(plain)).toBe(plain);
    expect(encode(plain, "jsonCompatible")).not.toBe(plain);
  });

  test.each([
    ["a symbol", Symbol("s"), "Cannot serialize value: (couldn't stringify value)"],
    ["a Map", new Map(), "Cannot serialize value: [object Map]"],
    ["a class instance", new (class X {})(), "Cannot serialize value: [object Object]"],
    ["what can't be shown", Object.create(null), "(couldn't stringify value)"],
    ["a subclass of Date", new (class D extends Date {})(), "Cannot serialize value"],
    ["a function", () => 1, "Can't serialize RPC stubs in this context."],
    ["a stream", new ReadableStream(), "Can't serialize ReadableStream in this context."],
    ["a blob", new Blob(["x"]), "Can't serialize ReadableStream in this context."],
  ])("refuses %s", (_, value, message) => {
    expect(() => serialize(value)).toThrow(message);
  });

  test("stops at 256 levels, cycles included", () => {
    const nest = (levels: number) => {
      let value: unknown = 1;
      for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { v: value };
      return value;
    };
    expect(() => serialize(nest(255))).not.toThrow();
    expect(() => serialize(nest(256))).toThrow(/maximum allowed depth/);
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(() => serialize(cycle)).toThrow(expect.objectContaining({ code: "TOO_DEEP" }));
  });

  test("loses only the property if a getter of an error fails", () => {
    const error = new Error("m");
    Object.defineProperty(error, "bad", {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    });
    expect(serialize(Object.assign(error, { good: 1 }), { errorProperties: "all" })).toBe(
      '["error","Error","m",null,{"good":1}]',
    );
  });
});

describe("decoding an expression", () => {
  test("gives errors the built-in class of their name, and others the class Error", () => {
    expect(deserialize('["error","TypeError","m"]')).toBeInstanceOf(TypeError);
    const custom = deserialize('["error","Custom","m"]') as Error;
    expect(Object.getPrototypeOf(custom)).toBe(Error.prototype);
    const several = deserialize('["error","AggregateError","m",null,{"errors":[[1]]}]') as any;
    expect(several).toBeInstanceOf(AggregateError);
    expect(several.errors).toEqual([1]);
    expect((deserialize('["error","Error","m","at x"]') as Error).stack).toBe("at x");
  });

  test("accepts padded base64", () => {
    expect([...(deserialize('["bytes","/w=="]') as Uint8Array)]).toEqual([255]);
  });

  test("gives bytes a buffer of their own", () => {
    const decoded = deserialize('["bytes","AQID"]') as Uint8Array;
    expect(decoded.buffer.byteLength).toBe(3);
    expect(Buffer.isBuffer(decoded)).toBe(true);
  });

  test("takes bytes out of a shared Buffer that a transport reads into", () => {
    const shared = Buffer.from([9, 9, 1, 0, 2, 0, 9, 9]);
    const expression = ["bytes", shared.subarray(2, 6), "Int16Array"];
    expect(decode(expression, "jsonCompatibleWithBytes")).toEqual(new Int16Array([1, 2]));
  });

  test("drops names that the language looks for, but examines their values", () => {
    const object = deserialize(
      '{"__proto__":{"polluted":1},"constructor":1,"toString":2,"toJSON":3,"hasOwnProperty":4,"ok":5}',
    );
    expect(object).toEqual({ ok: 5 });
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(() => deserialize('{"toString":["nonsense"]}')).toThrow(/unknown special value/);
    const error = deserialize('["error","Error","m",null,{"toString":1,"stack":2,"x":3}]') as any;
    expect(Object.keys(error)).toEqual(["x"]);
    expect(String(error)).toBe("Error: m");
  });

  test("ignores members that a program has added to every object", () => {
    Object.assign(Object.prototype, { each: () => {}, nth: [1] });
    try {
      const value = { a: 1, b: { c: [2] } };
      const text = '{"a":1,"b":{"c":[[2]]}}';
      for (const level of LEVELS) {
        expect(JSON.stringify(encode(value, level)), level).toBe(text);
        const decoded = decode(JSON.parse(text), level) as typeof value;
        expect(Object.keys(decoded), level).toEqual(["a", "b"]);
        expect(JSON.stringify(decoded), level).toBe('{"a":1,"b":{"c":[2]}}');
      }
      expect(Object.keys(decode({ each: 3, constructor: [[4]] }) as object)).toEqual(["each"]);
    } finally {
      for (const name of ["each", "nth"]) Reflect.deleteProperty(Object.prototype, name);
    }
  });

  test.each([
    ["[]", "unknown special value: []"],
    ['["nope"]', 'unknown special value: ["nope"]'],
    ["[[1],2]", "unknown special value: [[1],2]"],
    ['["bigint",5]', "unknown special value"],
    ['["bigint","1.5"]', "unknown special value"],
    ['["date","x"]', "unknown special value"],
    ['["bytes",5]', "unknown special value"],
    ['["bytes","a"]', "Invalid base64"],
    ['["bytes","a!c$"]', "Invalid base64"],
    ['["bytes","AAAA","Nope"]', "Unknown bytes type marker: Nope"],
    ['["bytes","AAAA","constructor"]', "Unknown bytes type marker: constructor"],
    ['["bytes","AAAA",{"toString":1}]', 'Unknown bytes type marker: {"toString":1}'],
    [
      '["bytes","AA","Int16Array"]',
      "Invalid byte length 1 for Int16Array; expected a multiple of 2",
    ],
    ['["error",1,2]', "unknown special value"],
    ['["error","E","m",null,5]', "unknown special value"],
    ['["url","nope"]', "unknown special value"],
    ['["headers",[["a b","c"]]]', "unknown special value"],
    ['["headers",[["a"]]]', "unknown special value"],
    ['["request","nope",{}]', "unknown special value"],
    ['["request","http://a/",{"cache":5}]', "unknown special value"],
    ['["request","http://a/",{"method":"TRACE"}]', "unknown special value"],
    ['["response",null,{"status":99}]', "unknown special value"],
    ['["response",5,{}]', "unknown special value"],
    ['["export",-1]', "Cannot deserialize RPC stubs without an RPC session."],
    ['["promise",-1]', "Cannot deserialize RPC stubs without an RPC session."],
    ['["pipeline",1]', "no such entry on exports table: 1"],
    ['["readable",1]', "Cannot retrieve pipe readable without an RPC session."],
    ['["writable",-1]', "Cannot deserialize RPC stubs without an RPC session."],
    ["{", "JSON"],
  ])("refuses %s", (text, message) => {
    expect(() => deserialize(text)).toThrow(message);
  });

  test("obeys limits", () => {
    const digits = "9".repeat(16_384);
    expect(deserialize(`["bigint","${digits}"]`)).toBe(BigInt(digits));
    expect(() => deserialize(`["bigint","${digits}9"]`)).toThrow(
      "Deserialized bigint exceeds maximum length of 16384 digits.",
    );
    const nest = (levels: number) => `${"[[".repeat(levels)}1${"]]".repeat(levels)}`;
    expect(() => deserialize(nest(255))).not.toThrow();
    expect(() => deserialize(nest(256))).toThrow(
      "Deserialization exceeded maximum allowed message depth of 256.",
    );
  });
});
