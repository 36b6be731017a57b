import { ExpressionError } from "./errors.ts";

/** What newer engines bring along; see the TC39 proposal "Uint8Array to/from base64". */
interface Base64Methods {
  toBase64?(options: { omitPadding: boolean }): string;
}
interface Base64Constructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

/** Encodes bytes with the standard alphabet, without padding. */
export function toBase64(bytes: Uint8Array): string {
  if (NodeBuffer !== undefined) {
    const text = NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
      "base64",
    );
    return withoutPadding(text);
  }
  const native = (bytes as Base64Methods).toBase64;
  if (native !== undefined) return native.call(bytes, { omitPadding: true });
  let binary = "";
  // Spreading too many arguments at once overflows the stack.
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return withoutPadding(btoa(binary));
}

const CHUNK = 8192;

/**
 * Decodes base64 in the standard alphabet, padded or not. Gives a `Buffer` where there are any.
 *
 * @throws ExpressionError for anything else
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = withoutPadding(text);
  const isPadded = digits.length < text.length;
  const bytes = (isPadded ? text.length % 4 : digits.length % 4 === 1) ? undefined : decode(digits);
  // The decoders at hand skip what they don't know; that shows in the length.
  if (bytes === undefined || bytes.length !== Math.floor((digits.length * 3) / 4)) {
    throw new ExpressionError("Invalid base64 in a bytes expression.");
  }
  return bytes;
}

function decode(digits: string): Uint8Array<ArrayBuffer> | undefined {
  // The pool that small Buffers share must not show through: each value has a buffer of its own.
  if (NodeBuffer !== undefined) {
    const bytes = NodeBuffer.allocUnsafeSlow(Math.floor((digits.length * 3) / 4));
    // Unless every byte was written, nobody gets to see what the memory held before.
    return bytes.write(digits, "base64") === bytes.length ? bytes : undefined;
  }
  try {
    const native = (Uint8Array as Base64Constructor).fromBase64;
    if (native !== undefined) return native.call(Uint8Array, digits);
    const binary = atob(digits);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return undefined;
  }
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && end > text.length - 2 && text.charCodeAt(end - 1) === EQUALS_SIGN) end--;
  return end === text.length ? text : text.slice(0, end);
}

const EQUALS_SIGN = 61;

interface BufferLike extends Uint8Array<ArrayBuffer> {
  toString(encoding?: string): string;
  write(text: string, encoding: string): number;
}
interface BufferClass {
  readonly prototype: object;
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): BufferLike;
  allocUnsafeSlow(length: number): BufferLike;
}

/** Node's `Buffer`, where the runtime has it. */
export const NodeBuffer = (globalThis as { Buffer?: BufferClass }).Buffer;
