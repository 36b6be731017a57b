import fc from "fast-check";

const TYPED_ARRAYS = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
];

/** Bytes in every class that they can be delivered as. */
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 64 }), fc.nat(TYPED_ARRAYS.length + 2))
  .map(([content, which]) => {
    if (which === TYPED_ARRAYS.length) return content;
    if (which === TYPED_ARRAYS.length + 1) return content.slice().buffer;
    if (which === TYPED_ARRAYS.length + 2) return new DataView(content.slice().buffer);
    const type = TYPED_ARRAYS[which]!;
    const whole = content.slice(0, content.length - (content.length % type.BYTES_PER_ELEMENT));
    return new type(whole.buffer);
  });

const key = fc.oneof(
  fc.string(),
  fc.constantFrom("a", "length", "then", "0", "constructor2", "toJson"),
);

const error = fc
  .record({
    type: fc.constantFrom(Error, TypeError, RangeError, SyntaxError, URIError, EvalError),
    message: fc.string(),
  })
  .map(({ type, message }) => new type(message));

const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: false }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  bytes,
  error,
  fc.webUrl().map((url) => new URL(url)),
);

/** Every kind of value that travels without a session. */
export const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 5 }),
  object: fc
    .array(fc.tuple(key, tie("value")), { maxLength: 5 })
    .map((entries) =>
      Object.fromEntries(
        entries.filter(([name]) => !(name in Object.prototype) && name !== "toJSON"),
      ),
    ),
})).value;

const TAGS = [
  "undefined",
  "inf",
  "-inf",
  "nan",
  "bigint",
  "date",
  "bytes",
  "blob",
  "error",
  "url",
  "headers",
  "request",
  "response",
  "readable",
  "writable",
  "export",
  "import",
  "promise",
  "pipeline",
  "remap",
  "unknown",
  "__proto__",
  "constructor",
  "toString",
];

/** Trees that look like expressions, most of them malformed. */
export const expressionLike: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    tie("tagged"),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(tie("tree"), { maxLength: 4 }).map((list) => [list]),
    fc
      .array(
        fc.tuple(fc.oneof(key, fc.constantFrom("__proto__", "constructor", "toJSON")), tie("tree")),
        { maxLength: 4 },
      )
      .map((entries) => {
        const object = {};
        for (const [name, each] of entries) {
          Object.defineProperty(object, name, {
            value: each,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
        return object;
      }),
  ),
  tagged: fc
    .tuple(fc.constantFrom(...TAGS), fc.array(tie("tree"), { maxLength: 5 }))
    .map(([tag, operands]) => [tag, ...operands]),
})).tree;

export const messageLike: fc.Arbitrary<unknown> = fc.oneof(
  expressionLike,
  fc
    .tuple(
      fc.constantFrom(
        "push",
        "pull",
        "resolve",
        "reject",
        "release",
        "stream",
        "pipe",
        "abort",
        "x",
      ),
      fc.array(fc.oneof(fc.integer(), expressionLike), { maxLength: 4 }),
    )
    .map(([tag, operands]) => [tag, ...operands]),
);
