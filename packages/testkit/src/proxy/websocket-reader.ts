/** A place in a stream of WebSocket frames. Offsets count the bytes of the stream. */
export interface MessagePlaces {
  /** The number of the message, from 1. */
  readonly message: number;
  /** The offset of the first byte of its first frame. */
  readonly begin: number;
  /** An offset after the head of its last frame known so far, in the middle of the payload. */
  readonly middle: number;
  /** The offset after its last byte; `undefined` while further frames belong to it. */
  readonly end: number | undefined;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");
/** Most bytes of an HTTP head. Streams whose head is longer aren't read. */
const LONGEST_HEAD = 64 * 1024;
const FINAL = 0x80;
const CONTROL = 0x08;
const MASKED = 0x80;
const MASK_BYTES = 4;

/**
 * Finds the messages in one direction of a TCP connection, after the HTTP head that asks for a
 * WebSocket or grants it. A stream that is none, such as TLS or HTTP/2, has no messages.
 *
 * Payloads aren't read, so that compressed and masked ones can be counted as well.
 */
export class WebSocketReader {
  /** Bytes of a head that isn't complete: of HTTP, or of a frame. */
  #head: Buffer = Buffer.alloc(0);
  #isHttp = true;
  #isOther = false;
  /** The offset of the next byte. */
  #offset = 0;
  /** Bytes of the current frame's payload that are still to come. */
  #left = 0;
  #messages = 0;
  #begin: number | undefined;

  /**
   * The number of bytes at the end of what was read that are the beginning of a frame's head. It
   * isn't known yet whether they belong to a message.
   */
  get unknown(): number {
    return this.#isHttp ? 0 : this.#head.length;
  }

  /**
   * Reads a chunk.
   *
   * @returns the messages whose heads ended in it. Their later bytes may be still to come
   */
  read(chunk: Uint8Array): MessagePlaces[] {
    const found: MessagePlaces[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0 && !this.#isOther) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, rest.length);
        this.#left -= skipped;
        rest = this.#skip(rest, skipped);
      } else rest = this.#isHttp ? this.#readHttp(rest) : this.#readFrame(rest, found);
    }
    return found;
  }

  #skip(rest: Buffer, count: number): Buffer {
    this.#offset += count;
    return rest.subarray(count);
  }

  #readHttp(rest: Buffer): Buffer {
    const before = this.#head.length;
    this.#head = Buffer.concat([this.#head, rest]);
    const end = this.#head.indexOf(END_OF_HEAD);
    if (end < 0) {
      this.#isOther = this.#head.length > LONGEST_HEAD;
      return this.#skip(rest, rest.length);
    }
    const text = this.#head.toString("latin1", 0, end);
    this.#isOther = !/^upgrade: *websocket/im.test(text);
    this.#isHttp = false;
    this.#head = Buffer.alloc(0);
    return this.#skip(rest, end + END_OF_HEAD.length - before);
  }

  #readFrame(rest: Buffer, found: MessagePlaces[]): Buffer {
    const before = this.#head.length;
    const head = Buffer.concat([this.#head, rest.subarray(0, 14)]);
    const start = this.#offset - before;
    if (head.length < 2) return this.#keepHead(head, rest);
    const size = head[1]! & 0x7f;
    const sizeBytes = size === 127 ? 8 : size === 126 ? 2 : 0;
    const headBytes = 2 + sizeBytes + (head[1]! & MASKED ? MASK_BYTES : 0);
    if (head.length < headBytes) return this.#keepHead(head, rest);
    const payload =
      sizeBytes === 8
        ? Number(head.readBigUInt64BE(2))
        : sizeBytes === 2
          ? head.readUInt16BE(2)
          : size;
    this.#head = Buffer.alloc(0);
    this.#left = payload;
    if (!(head[0]! & CONTROL)) this.#frame(head, start, headBytes, payload, found);
    return this.#skip(rest, headBytes - before);
  }

  #frame(
    head: Buffer,
    start: number,
    headBytes: number,
    payload: number,
    found: MessagePlaces[],
  ): void {
    const isFinal = Boolean(head[0]! & FINAL);
    this.#begin ??= start;
    found.push({
      message: this.#messages + 1,
      begin: this.#begin,
      middle: start + headBytes + Math.floor(payload / 2),
      end: isFinal ? start + headBytes + payload : undefined,
    });
    if (!isFinal) return;
    this.#messages++;
    this.#begin = undefined;
  }

  #keepHead(head: Buffer, rest: Buffer): Buffer {
    this.#head = head;
    return this.#skip(rest, rest.length);
  }
}
