import { ProtocolError } from "../errors.ts";
import { type Limits, type LimitsOption, resolveLimits } from "../limits.ts";
import { checkMessage, type Message, parseMessage } from "../messages.ts";
import { type Announcement, readAnnouncement } from "./announcement.ts";
import { Attached } from "./attached.ts";
import { attachedLengths } from "./attached-lengths.ts";
import { checkFrameSize, isJoined, Lines } from "./lines.ts";

/**
 * The unit that a medium carries: text with one or several messages, the bytes of one value, or,
 * where the medium clones, the tree of one message.
 */
export type Frame = string | Uint8Array | ArrayBuffer | readonly unknown[];

/** A message, with the bytes that came before its text. */
export interface FramedMessage {
  /** The message, as a tree. */
  readonly message: Message;
  /**
   * The bytes that `["bytes", length]` in the message stand for, in that order. Most messages have
   * none.
   */
  readonly bytes: readonly Uint8Array[];
}

/** A message of a session, as {@link MessageReader} gives it. */
export interface ReadMessage extends FramedMessage {
  /** The extensions that the message announces, if it does. */
  readonly announcement: Announcement | undefined;
}

/** Options of {@link MessageReader}. */
export interface MessageReaderOptions {
  /**
   * The limits of the frames and messages: `maxFrameSize`, `maxMessageSize` and `maxDepth`. By
   * default those of a client.
   */
  readonly limits?: LimitsOption | undefined;
}

/**
 * Reads the messages that one side of a session sends, with all extensions of the protocol: joined
 * messages, bytes beside text, and announcements. Use a reader for each side. A reader holds no
 * more than the binary frames that came since the last text.
 *
 * @example
 * ```ts
 * const reader = new MessageReader();
 * socket.onmessage = ({ data }) => {
 *   for (const { message, bytes, announcement } of reader.read(data)) {
 *     if (announcement) console.log("The peer knows", announcement.features);
 *     else console.log(message[0], bytes.length);
 *   }
 * };
 * ```
 */
export class MessageReader {
  readonly #limits: Limits;
  /** The binary frames that came since the last text, and the lengths of those not yet taken. */
  #attached: Attached | undefined;
  #lengths: number[] = [];

  /** @throws TypeError for an unknown limit */
  constructor({ limits }: MessageReaderOptions = {}) {
    this.#limits = resolveLimits(limits);
  }

  /**
   * Reads a frame. Don't use the reader after an error.
   *
   * @param frame owned by the reader from now on, and then by the messages that it gives
   * @returns the messages of a text or a tree. None for bytes, which belong to the next text
   * @throws LimitError for a frame, a message, or bytes before a text, that exceed a limit
   * @throws MessageSyntaxError for text that isn't JSON
   * @throws ProtocolError for anything else that isn't a message, and for bytes that don't belong
   *   to the text that follows
   */
  read(frame: Frame): ReadMessage[] {
    if (typeof frame === "string") return this.#readText(frame);
    const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame;
    if (!(bytes instanceof Uint8Array)) return [framed(checkMessage(bytes), [])];
    this.#attached ??= new Attached();
    this.#attached.add(bytes, this.#limits.maxMessageSize);
    this.#lengths.push(bytes.length);
    return [];
  }

  #readText(text: string): ReadMessage[] {
    checkFrameSize(text, this.#limits);
    const attached = this.#attached ?? new Attached();
    this.#attached = undefined;
    const lengths = this.#lengths;
    this.#lengths = [];
    let taken = 0;
    const readOne = (line: string) => {
      const one = this.#readOne(line, attached, lengths, taken);
      taken += one.bytes.length;
      return one;
    };
    const read: ReadMessage[] = [];
    if (isJoined(text)) {
      const lines = new Lines(text, attached);
      while (lines.isLeft) read.push(readOne(lines.take()));
    } else {
      read.push(readOne(text));
    }
    attached.end();
    return read;
  }

  /**
   * @param lengths the lengths of the frames before the text
   * @param taken the number of those that earlier messages have taken
   */
  #readOne(
    text: string,
    attached: Attached,
    lengths: readonly number[],
    taken: number,
  ): ReadMessage {
    const message = parseMessage(text, this.#limits);
    const own = attachedLengths(message, lengths, this.#limits, taken);
    return framed(
      message,
      own.map((length) => {
        const bytes = attached.take(length);
        if (bytes) return bytes;
        throw new ProtocolError(`bad RPC message: no binary frame of ${length} bytes before it`);
      }),
    );
  }
}

function framed(message: Message, bytes: readonly Uint8Array[]): ReadMessage {
  return { message, bytes, announcement: readAnnouncement(message) };
}
