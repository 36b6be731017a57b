import {
  batch,
  call,
  type GoldenScene,
  list,
  local,
  saysWhere,
  scene,
  settle,
  wait,
} from "./scene.ts";

/** Values as expressions, by name. */
export const VALUES: Readonly<Record<string, unknown>> = {
  text: 'text \u{1f600} \u2028 "quoted" \\ \u0000',
  "empty text": "",
  "half a character": "\ud800",
  number: 1.5,
  "large number": 1e300,
  "small number": 5e-324,
  true: true,
  false: false,
  null: null,
  undefined: ["undefined"],
  NaN: ["nan"],
  infinity: ["inf"],
  "minus infinity": ["-inf"],
  "zero bigint": ["bigint", "0"],
  "negative bigint": ["bigint", "-5"],
  "large bigint": ["bigint", "123456789012345678901234567890"],
  date: ["date", 1700000000123],
  "date before 1970": ["date", -1],
  "invalid date": ["date", null],
  "empty list": [[]],
  "nested lists": [[[[]], [[[[1]]]], [[[[[[2]], 3]]]]]],
  "list that looks like an expression": [["date", 5]],
  object: { a: 1, b: { c: [[true, { d: null }]] }, "": 0, 5: "five" },
  "empty object": {},
  "undefined in an object": { a: ["undefined"], b: 1 },
  bytes: ["bytes", "AAEC/v8"],
  "one byte": ["bytes", "/w"],
  "two bytes": ["bytes", "//4"],
  "no bytes": ["bytes", ""],
  ArrayBuffer: ["bytes", "AAEC/v8AAAA", "ArrayBuffer"],
  DataView: ["bytes", "AAEC/v8AAAA", "DataView"],
  Int8Array: ["bytes", "AAEC/v8AAAA", "Int8Array"],
  Uint8ClampedArray: ["bytes", "AAEC/v8AAAA", "Uint8ClampedArray"],
  Int16Array: ["bytes", "AAEC/v8AAAA", "Int16Array"],
  Uint16Array: ["bytes", "AAEC/v8AAAA", "Uint16Array"],
  Int32Array: ["bytes", "AAEC/v8AAAA", "Int32Array"],
  Uint32Array: ["bytes", "AAEC/v8AAAA", "Uint32Array"],
  BigInt64Array: ["bytes", "AAEC/v8AAAA", "BigInt64Array"],
  BigUint64Array: ["bytes", "AAEC/v8AAAA", "BigUint64Array"],
  Float32Array: ["bytes", "AADAPwAAAMA", "Float32Array"],
  Float64Array: ["bytes", "AAAAAAAA+D8", "Float64Array"],
  URL: ["url", "https://user@example.com:8080/a?b=c#d"],
  error: ["error", "RangeError", "out of range"],
  "error of each class": [
    [
      ["error", "Error", "1"],
      ["error", "EvalError", "2"],
      ["error", "RangeError", "3"],
      ["error", "ReferenceError", "4"],
      ["error", "SyntaxError", "5"],
      ["error", "TypeError", "6"],
      ["error", "URIError", "7"],
    ],
  ],
  "error with a cause": [
    "error",
    "Error",
    "outer",
    null,
    { cause: ["error", "TypeError", "inner"] },
  ],
  "aggregate error": [
    "error",
    "AggregateError",
    "all",
    null,
    { errors: [[["error", "Error", "one"]]] },
  ],
};

const UNSENDABLE = [
  "map",
  "set",
  "pattern",
  "dateSubclass",
  "symbol",
  "instance",
  "nullPrototype",
  "plainPromise",
  "cycle",
];

export const valueScenes: readonly GoldenScene[] = [
  ...Object.entries(VALUES).map(([name, value]) =>
    batch(`value: ${name}`, ["values"], [call("back", "api.echo", value), wait("back")]),
  ),
  batch(
    "value: several arguments",
    ["values"],
    [call("back", "api.echo", 1, ["undefined"], list(2), { when: ["date", 0] }), wait("back")],
  ),
  batch("value: no arguments", ["values"], [call("back", "api.echo"), wait("back")]),
  batch(
    "value: nested to the limit",
    ["values"],
    [call("back", "api.echo", local("nested", 250)), wait("back")],
  ),
  batch(
    "fetch: Headers",
    ["fetch"],
    [
      call("back", "api.echo", [
        "headers",
        [
          ["b", "2"],
          ["a", "1"],
        ],
      ]),
      wait("back"),
    ],
  ),
  batch(
    "fetch: a Request without a body",
    ["fetch"],
    [call("what", "api.describe", ["request", "http://example.com/get", {}]), wait("what")],
  ),
  batch(
    "fetch: a Request with settings",
    ["fetch"],
    [
      call("what", "api.describe", [
        "request",
        "http://example.com/get",
        { method: "DELETE", cache: "no-store", headers: [["x-a", "1"]] },
      ]),
      wait("what"),
    ],
  ),
  scene(
    "fetch: a Request with a body",
    ["fetch", "streams"],
    [call("what", "api.describe", local("request", "posted")), wait("what")],
    { isPiped: true, isReadByPlatform: true },
  ),
  scene(
    "fetch: a Response without a body",
    ["fetch"],
    [
      call("back", "api.echo", ["response", null, { status: 204, statusText: "None" }]),
      wait("back"),
    ],
  ),
  scene(
    "fetch: a Response from the server",
    ["fetch", "streams"],
    [call("response", "api.respond"), wait("response")],
  ),
  scene(
    "fetch: a Response with a body",
    ["fetch", "streams"],
    [
      call("what", "api.describe", [
        "response",
        "some text",
        { headers: [["content-type", "text/plain"]] },
      ]),
      wait("what"),
      settle,
    ],
    { isPiped: true, isReadByPlatform: true },
  ),
  scene(
    "fetch: a Request from the server",
    ["fetch", "streams"],
    [call("request", "api.request"), wait("request"), settle],
  ),
  scene(
    "blob: from the server",
    ["blobs", "streams"],
    [call("blob", "api.blob", "some text"), wait("blob"), settle],
  ),
  scene(
    "blob: empty",
    ["blobs", "streams"],
    [call("what", "api.describe", local("blob", "")), wait("what"), settle],
    { isPiped: true },
  ),
  batch(
    "value: keys that may not be used",
    ["values"],
    [
      call("back", "api.echo", {
        constructor: 1,
        toString: 2,
        toJSON: 3,
        hasOwnProperty: 4,
        ok: 5,
      }),
      wait("back"),
    ],
  ),
  batch(
    "value: a list with holes",
    ["values"],
    [call("back", "api.echo", local("sparse")), wait("back")],
  ),
  scene(
    "blob: to the server",
    ["blobs", "streams"],
    [call("what", "api.describe", local("blob", "some text")), wait("what")],
    { isPiped: true },
  ),
  ...UNSENDABLE.map((name) =>
    batch(
      `unsendable: ${name}`,
      ["values"],
      [call("back", "api.echo", list(1, local(name))), call("sum", "api.add", 1, 2), wait("sum")],
      name === "plainPromise"
        ? { deviates: { side: "client", why: "the reference doesn't take native promises" } }
        : name === "cycle"
          ? { ownWording: true }
          : saysWhere("client"),
    ),
  ),
  batch(
    "unsendable: a result",
    ["errors"],
    [call("back", "api.fail", "unsendable"), wait("back")],
    saysWhere("server"),
  ),
];
