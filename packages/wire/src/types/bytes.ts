import { fromBase64, NodeBuffer, toBase64 } from "../base64.ts";
import { isAtLeast } from "../encoding-level.ts";
import { ExpressionError, unknownExpression } from "../errors.ts";
import type { ValueType } from "../value-type.ts";

interface ByteClass {
  /** Bytes an element has. */
  readonly unit: number;
  readonly prototype: object;
  of(buffer: ArrayBuffer): object;
}

function typedArray(type: {
  readonly BYTES_PER_ELEMENT: number;
  readonly prototype: object;
  new (buffer: ArrayBuffer): object;
}): ByteClass {
  return {
    unit: type.BYTES_PER_ELEMENT,
    prototype: type.prototype,
    of: (buffer) => new type(buffer),
  };
}

/** What bytes can be delivered as, by the name that says so on the wire. */
const CLASSES: ReadonlyMap<unknown, ByteClass> = new Map<string, ByteClass>([
  ["ArrayBuffer", { unit: 1, prototype: ArrayBuffer.prototype, of: (buffer) => buffer }],
  ["DataView", { unit: 1, prototype: DataView.prototype, of: (buffer) => new DataView(buffer) }],
  ["Int8Array", typedArray(Int8Array)],
  ["Uint8Array", typedArray(Uint8Array)],
  ["Uint8ClampedArray", typedArray(Uint8ClampedArray)],
  ["Int16Array", typedArray(Int16Array)],
  ["Uint16Array", typedArray(Uint16Array)],
  ["Int32Array", typedArray(Int32Array)],
  ["Uint32Array", typedArray(Uint32Array)],
  ["BigInt64Array", typedArray(BigInt64Array)],
  ["BigUint64Array", typedArray(BigUint64Array)],
  ["Float32Array", typedArray(Float32Array)],
  ["Float64Array", typedArray(Float64Array)],
]);

/** The name that goes with a value's bytes; a `Uint8Array` or `Buffer` has none. */
const NAMES = new Map<object, string | undefined>();
for (const [name, { prototype }] of CLASSES) NAMES.set(prototype, name as string);
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
    const bytes = typeof data === "string" ? fromBase64(data) : nativeBytes(data, level);
    if (bytes === undefined) throw unknownExpression(expression);
    if (name === undefined) return bytes;
    const type = CLASSES.get(name);
    if (type === undefined) throw new ExpressionError(`Unknown bytes type marker: ${String(name)}`);
    if (bytes.byteLength % type.unit !== 0) {
      throw new ExpressionError(
        `Invalid byte length ${bytes.byteLength} for ${String(name)}; ` +
          `expected a multiple of ${type.unit}`,
      );
    }
    return type.of(ownBuffer(bytes));
  },
};

function nativeBytes(
  data: unknown,
  level: Parameters<typeof isAtLeast>[0],
): Uint8Array | undefined {
  const accepted = data instanceof Uint8Array && isAtLeast(level, "jsonCompatibleWithBytes");
  return accepted ? data : undefined;
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? buffer
    : (bytes.slice().buffer as ArrayBuffer);
}
