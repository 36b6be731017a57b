/** The bytes that values count as. */

export const SCALAR_BYTES = 8;
export const CONTAINER_BYTES = 48;
export const MEMBER_BYTES = 16;
export const REFERENCE_BYTES = 128;
const OPAQUE_BYTES = 512;
/** A failed step: mostly its error. */
export const FAILURE_BYTES = 1024;
/** An element that runs concurrently, and may have to wait. */
export const ELEMENT_BYTES = 512;
export const SLOT_BYTES = 8;

const INT64 = 64;

export function textBytes(length: number): number {
  return SCALAR_BYTES + 2 * length;
}

/** The bytes of a value that has no parts. */
export function sizeOfLeaf(value: unknown): number {
  switch (typeof value) {
    case "string":
      return textBytes(value.length);
    case "bigint":
      if (BigInt.asIntN(INT64, value) === value) return SCALAR_BYTES;
      return SCALAR_BYTES + value.toString(16).length;
    case "function":
      return REFERENCE_BYTES;
    case "object":
      return value === null ? SCALAR_BYTES : sizeOfOpaque(value);
    default:
      return SCALAR_BYTES;
  }
}

function sizeOfOpaque(value: object): number {
  if (value instanceof Date) return CONTAINER_BYTES;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return CONTAINER_BYTES + value.byteLength;
  }
  if (value instanceof URL) return OPAQUE_BYTES + textBytes(value.href.length);
  if (value instanceof Headers) return OPAQUE_BYTES + headerBytes(value);
  if (value instanceof Request) {
    return OPAQUE_BYTES + textBytes(value.url.length) + headerBytes(value.headers);
  }
  if (value instanceof Response) {
    return OPAQUE_BYTES + textBytes(value.statusText.length) + headerBytes(value.headers);
  }
  if (typeof Blob !== "undefined" && value instanceof Blob) return OPAQUE_BYTES + value.size;
  return OPAQUE_BYTES;
}

function headerBytes(headers: Headers): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += textBytes(name.length) + textBytes(value.length);
  return bytes;
}
