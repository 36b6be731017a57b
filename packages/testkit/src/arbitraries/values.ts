import { BYTE_CLASSES } from "@capnweb/wire/internal";
import fc from "fast-check";

/** Bytes, as every class that delivers them. */
const bytes = fc
  .tuple(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...BYTE_CLASSES))
  .map(([content, type]) => {
    // Those without it view single bytes.
    const { BYTES_PER_ELEMENT: size = 1 } = type as { BYTES_PER_ELEMENT?: number };
    const { buffer } = content.slice(0, content.length - (content.length % size));
    return (type as unknown) === ArrayBuffer ? buffer : new type(buffer);
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
