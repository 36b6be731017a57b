/**
 * The framing of a message with bytes in it, for media that carry binary frames: the length of the
 * message's text in bytes, 32 bits big-endian, the text as UTF-8, and then the bytes, one value after
 * the other. In the text, `["bytes", length]` takes the next so many of them
 * (docs/protocol.md, "Extensions").
 */
import { copyBytes, NodeBuffer } from "../base64.ts";
import { LimitError, ProtocolError } from "../errors.ts";
import type { Limits } from "../limits.ts";

const HEADER_SIZE = 4;

/** Puts a message's text and the bytes of its values into one frame. The bytes are copied. */
export function joinAttachments(text: string, attachments: readonly Uint8Array[]): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  let end = HEADER_SIZE + encoded.length;
  let size = end;
  for (const { length } of attachments) size += length;
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, encoded.length);
  frame.set(encoded, HEADER_SIZE);
  for (const attachment of attachments) {
    frame.set(attachment, end);
    end += attachment.length;
  }
  return frame;
}

/**
 * Takes such a frame apart. `attachments` is a view of memory that nothing else is in: of a copy; or of
 * the frame's own, in which the text is wiped out then, if the frame is a `Buffer` and has one. Elsewhere
 * programs rely on bytes to start where their buffer does.
 *
 * @param limits of which `maxMessageSize` is looked at first, for bytes
 * @throws LimitError for a frame over the size limit
 * @throws ProtocolError for a frame that is shorter than it says, or whose text isn't UTF-8
 */
export function splitAttachments(
  frame: Uint8Array,
  { maxMessageSize }: Limits,
): { text: string; attachments: Uint8Array } {
  const { buffer, byteOffset, length } = frame;
  if (length > maxMessageSize) {
    throw new LimitError(`Incoming message exceeds maximum size of ${maxMessageSize} bytes.`);
  }
  try {
    const end = HEADER_SIZE + new DataView(buffer, byteOffset, length).getUint32(0);
    if (end > length) throw new RangeError("cut short");
    const text = new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(HEADER_SIZE, end));
    const attachments = frame.subarray(end);
    // Few bytes don't keep the memory of a long text either.
    if (
      (frame.constructor as unknown) !== NodeBuffer ||
      length < buffer.byteLength ||
      end > attachments.length
    ) {
      return { text, attachments: copyBytes(attachments) };
    }
    frame.fill(0, 0, end);
    return { text, attachments };
  } catch (cause) {
    throw new ProtocolError("bad RPC message: a malformed binary frame", { cause });
  }
}
