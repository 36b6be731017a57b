import { fromBase64, NodeBuffer, toBase64 } from "../base64.ts";
import { isAtLeast } from "../encoding-level.ts";
import { ExpressionError, unknownExpression } from "../errors.ts";
import type { ValueType } from "../value-type.ts";

interface ByteClass {
  readonly BYTES_PER_ELEMENT?: number;
  readonly prototype: object;
  new (buffer: ArrayBufferLike): object;
}

/** What bytes can be delivered as, by the name that says so on the wire. */
const CLASSES = new Map<unknown, ByteClass>();
/** The name that goes with a value's bytes; a `Uint8Array` or `Buffer` has none. */
const NAMES = new Map<object, string | undefined>();

for (const name of (
  "ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array " +
  "Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array"
).split(" ")) {
  const type = (globalThis as unknown as Record<string, ByteClass>)[name]!;
  CLASSES.set(name, type);
  NAMES.set(type.prototype, name);
}
NAMES.set(Uint8Array.prototype, undefined);
if (NodeBuffer !== undefined) NAMES.set(NodeBuffer.prototype, undefined);

/** Byte buffers and views of them. Elements travel little-endian, as every current machine has them. */
export const bytesType: ValueType<ArrayBuffer | ArrayBufferView> = {
  kind: "bytes",
  tags: ["bytes"],
  prototypes: [...NAMES.keys()],
  encode(value, { level }) {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    // A copy, so that a structured clone doesn't take along the rest of the buffer.
    const data = isAtLeast(level, "jsonCompatibleWithBytes") ? bytes.slice() : toBase64(bytes);
    const name = NAMES.get(Object.getPrototypeOf(value) as object);
    return name === undefined ? ["bytes", data] : ["bytes", data, name];
  },
  decode(expression, { level }) {
    const [, data, name] = expression;
    const bytes = typeof data === "string" ? fromBase64(data) : data;
    if (
      !(bytes instanceof Uint8Array) ||
      (bytes === data && !isAtLeast(level, "jsonCompatibleWithBytes"))
    ) {
      throw unknownExpression(expression);
    }
    if (name === undefined) return bytes;
    const type = CLASSES.get(name);
    if (type === undefined)
      throw new ExpressionError(`Unknown bytes type marker: ${name as string}`);
    const { byteLength } = bytes;
    const unit = type.BYTES_PER_ELEMENT ?? 1;
    if (byteLength % unit !== 0) {
      throw new ExpressionError(
        `Invalid byte length ${byteLength} for ${name as string}; expected a multiple of ${unit}`,
      );
    }
    const buffer = bytes.buffer.byteLength === byteLength ? bytes.buffer : bytes.slice().buffer;
    return name === "ArrayBuffer" ? buffer : new type(buffer);
  },
};
