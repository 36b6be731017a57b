import { fromBase64, NodeBuffer, toBase64 } from "../base64.ts";
import { isAtLeast } from "../encoding-level.ts";
import { cut, ExpressionError, excerpt, unknownExpression } from "../errors.ts";
import type { DecodeContext, ValueType } from "../value-type.ts";

interface ByteClass {
  readonly BYTES_PER_ELEMENT?: number;
  readonly name: string;
  readonly prototype: object;
  new (buffer: ArrayBuffer): object;
}

/** The classes that bytes can be delivered as. */
export const BYTE_CLASSES: readonly ByteClass[] = [
  ArrayBuffer,
  DataView,
  Int8Array,
  Uint8Array,
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

/** The same by their names in messages. */
const CLASSES: ReadonlyMap<unknown, ByteClass> = new Map(
  BYTE_CLASSES.map((type) => [type.name, type]),
);

const prototypes = [...CLASSES.values()].map((type) => type.prototype);
if (NodeBuffer) prototypes.push(NodeBuffer.prototype);

/** A copy. It counts, because one view can stand in many places of a structured clone. */
function copied(bytes: Uint8Array, cx: DecodeContext): Uint8Array {
  countBytes(bytes.byteLength, cx);
  return new Uint8Array(bytes);
}

/** Counts native bytes that are copied. */
export function countBytes(length: number, cx: DecodeContext): void {
  // Bytes of a copy that count as one value.
  const COPIED_PER_VALUE = 16;
  cx.count?.(Math.floor(length / COPIED_PER_VALUE));
}

/** Byte buffers and views of them. Elements are little-endian, as in every current machine. */
export const bytesType: ValueType<ArrayBuffer | ArrayBufferView> = {
  kind: "bytes",
  tags: ["bytes"],
  weight: 16,
  memory: (value) => value.byteLength,
  prototypes,
  encode(value, cx) {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    cx.measure?.(bytes.length);
    const data = cx.attach?.(bytes)
      ? bytes.length
      : isAtLeast(cx.level, "jsonCompatibleWithBytes")
        ? // A copy, so that a structured clone doesn't take along the rest of the buffer.
          bytes.slice()
        : toBase64(bytes);
    const { name } = (Object.getPrototypeOf(value) as object).constructor;
    // A Uint8Array needs no name, and a Buffer is sent as one.
    return name !== "Uint8Array" && CLASSES.has(name) ? ["bytes", data, name] : ["bytes", data];
  },
  decode(expression, cx) {
    const [, data, name] = expression;
    let bytes: Uint8Array | undefined;
    if (typeof data === "string") {
      cx.measure?.(data.length);
      bytes = fromBase64(data);
    } else if (typeof data === "number") {
      bytes = cx.takeAttached?.(data);
    } else if (data instanceof Uint8Array && isAtLeast(cx.level, "jsonCompatibleWithBytes")) {
      // The peer could change shared memory while the application looks at it.
      bytes = data.buffer instanceof ArrayBuffer ? data : copied(data, cx);
    }
    if (!bytes) throw unknownExpression(expression);
    if (name === undefined) return bytes;
    const type = CLASSES.get(name);
    if (!type) {
      // A peer's object may have a `toString` of its own, and a text may be huge.
      const shown = typeof name === "string" ? cut(name) : excerpt(name);
      throw new ExpressionError(`Unknown bytes type marker: ${shown}`);
    }
    const { byteLength } = bytes;
    const unit = type.BYTES_PER_ELEMENT ?? 1;
    if (byteLength % unit !== 0) {
      throw new ExpressionError(
        `Invalid byte length ${byteLength} for ${name as string}; expected a multiple of ${unit}`,
      );
    }
    // Native bytes may be a part of a larger buffer. `slice` of a Buffer wouldn't copy them.
    const { buffer } = bytes.buffer.byteLength === byteLength ? bytes : copied(bytes, cx);
    return name === "ArrayBuffer" ? buffer : new type(buffer as ArrayBuffer);
  },
};
