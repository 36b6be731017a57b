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

/** Bytes, as every class that delivers them. */
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

/** Names of properties. Some have a special meaning in JavaScript or in the protocol. */
export const key: fc.Arbitrary<string> = fc.oneof(
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

/** Every kind of value that can be serialized without a session and deserialized unchanged. */
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
