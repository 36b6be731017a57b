import { ExpressionError } from "./errors.ts";

interface BufferLike extends Uint8Array<ArrayBuffer> {
  toString(encoding?: string): string;
  write(text: string, encoding: string): number;
}

/** Node's `Buffer`, where the runtime has it. */
export const NodeBuffer = (
  globalThis as {
    Buffer?: {
      readonly prototype: object;
      from(buffer: ArrayBufferLike, byteOffset: number, length: number): BufferLike;
      allocUnsafeSlow(length: number): BufferLike;
    };
  }
).Buffer;

/** The methods of newer engines; see the TC39 proposal "Uint8Array to/from base64". */
interface Base64Methods {
  toBase64?(): string;
}
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

/** Encodes bytes with the standard alphabet, without padding. */
export function toBase64(bytes: Uint8Array): string {
  return withoutPadding(
    NodeBuffer?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") ??
      (bytes as Base64Methods).toBase64?.() ??
      btoa(binaryString(bytes)),
  );
}

function binaryString(bytes: Uint8Array): string {
  let text = "";
  // Spreading too many arguments at once overflows the stack.
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}

/**
 * Decodes base64 in the standard alphabet, padded or not.
 *
 * @returns a `Buffer` where the runtime has them
 * @throws ExpressionError for anything else
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = withoutPadding(text);
  const length = Math.floor((digits.length * 3) / 4);
  if (digits.length % 4 !== 1 && (digits === text || text.length % 4 === 0)) {
    try {
      const bytes = decode(digits, length);
      // The runtime's decoders skip unknown characters, which shows in the length.
      if (bytes.length === length) return bytes;
    } catch {
      // The error below says enough.
    }
  }
  throw new ExpressionError("Invalid base64.");
}

function decode(digits: string, length: number): Uint8Array<ArrayBuffer> {
  if (NodeBuffer) {
    // Not from the pool that small Buffers share: each value has a buffer of its own. Only bytes
    // that were written are returned, because the memory may hold older data.
    const bytes = NodeBuffer.allocUnsafeSlow(length);
    return bytes.subarray(0, bytes.write(digits, "base64")) as BufferLike;
  }
  return (
    (Uint8Array as Base64Constructor).fromBase64?.(digits) ??
    Uint8Array.from(atob(digits), (character) => character.charCodeAt(0))
  );
}

function withoutPadding(text: string): string {
  return text.slice(0, text.endsWith("==") ? -2 : text.endsWith("=") ? -1 : undefined);
}

/**
 * The bytes with a buffer to themselves, as a `Buffer` where the runtime has them. Only bytes that
 * share their buffer are copied.
 */
export function aloneBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < bytes.buffer.byteLength) return copyBytes(bytes);
  if (!NodeBuffer || (bytes.constructor as unknown) === NodeBuffer) return bytes;
  return NodeBuffer.from(bytes.buffer, 0, bytes.length);
}

/** A copy with a buffer of its own: a `Buffer` where the runtime has them. */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!NodeBuffer) return new Uint8Array(bytes);
  const copy = NodeBuffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
