import { ProtocolError } from "../errors.ts";
import { LIMIT_PROFILES } from "../limits.ts";
import { attachedLengths } from "./attached-lengths.ts";
import { joined } from "./lines.ts";
import type { FramedMessage } from "./message-reader.ts";

/** The extensions that {@link writeFrames} may use. */
export interface WriteFramesOptions {
  /**
   * Most UTF-16 code units of joined messages, the peer's `limits.maxFrameSize` for instance.
   * Default 0: no messages are joined, as for a peer that hasn't announced `frames`.
   */
  readonly maxFrameSize?: number | undefined;
}

/**
 * Makes the frames that carry messages: binary frames for the bytes attached to a message, and text
 * that joins messages. {@link MessageReader} reads them.
 *
 * Join messages only for a peer that has announced `frames`. Attach bytes only for a peer that has
 * announced `bytes` as well, over a medium that carries binary frames.
 *
 * @param messages each with the bytes that `["bytes", length]` in it stand for. The bytes stay
 *   the caller's, and are sent as frames unchanged
 * @returns the frames in the order in which they have to be sent
 * @throws ProtocolError for bytes that the message doesn't refer to
 *
 * @example
 * ```ts
 * const bytes = [new Uint8Array(1000)];
 * const call = ["push", ["pipeline", 0, ["save"], [["bytes", 1000]]]] as const;
 * const messages = [{ message: call, bytes }, { message: ["pull", 1] as const, bytes: [] }];
 * for (const frame of writeFrames(messages, { maxFrameSize: 65_536 })) socket.send(frame);
 * ```
 */
export function writeFrames(
  messages: Iterable<FramedMessage>,
  { maxFrameSize = 0 }: WriteFramesOptions = {},
): (string | Uint8Array)[] {
  const frames: (string | Uint8Array)[] = [];
  /** The text that leaves next, unless more can be joined to it. */
  let text: string | undefined;
  for (const { message, bytes } of messages) {
    const given = bytes.map((each) => each.length);
    const lengths = attachedLengths(message, given, LIMIT_PROFILES.trusted);
    if (`${lengths}` !== `${given}`) {
      throw new ProtocolError(
        `The message refers to bytes of the lengths [${lengths}], but has [${given}] attached.`,
      );
    }
    const next = JSON.stringify(message);
    const both =
      text === undefined || bytes.length > 0 ? undefined : joined(text, next, maxFrameSize);
    if (both === undefined && text !== undefined) frames.push(text);
    frames.push(...bytes);
    text = both ?? next;
  }
  if (text !== undefined) frames.push(text);
  return frames;
}
