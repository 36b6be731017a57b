import { copyBytes, type EncodingLevel, type Limits, ProtocolError } from "@capnweb/wire";
import type { StubHook } from "../hook.ts";
import { PayloadDecoder } from "../payload/decoder.ts";
import type { Runtime } from "../runtime.ts";
import type { ExportTable } from "./exports.ts";
import type { ImportTable } from "./imports.ts";

/** What decoding needs of a session. */
export interface DecodingSession {
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly imports: ImportTable;
  readonly exports: ExportTable;
}

/** Decodes what a peer sent: ids name entries of the session's tables. */
export class SessionDecoder extends PayloadDecoder {
  readonly #session: DecodingSession;
  /** What came beside the message's text, and wasn't taken yet. */
  #attachments: Uint8Array | undefined;
  /** How much that was at first. */
  readonly #attached: number | undefined;

  constructor(session: DecodingSession, attachments?: Uint8Array) {
    super(session.runtime, session.level, session.limits);
    this.#session = session;
    this.#attachments = attachments;
    this.#attached = attachments?.length;
  }

  /**
   * Whether it is as good as new: made for text alone, and neither failed nor still decoding, as it is
   * where what a message calls takes in another one.
   */
  get isReusable(): boolean {
    return !(this.met || this.#attachments || this.depth);
  }

  takeAttached(length: number): Uint8Array | undefined {
    const left = this.#attachments;
    if (!left || !Number.isInteger(length) || length < 0 || length > left.length) {
      return undefined;
    }
    // Each byte once, so that a small message can't decode to a huge value.
    this.#attachments = left.subarray(length);
    // Alone in their memory, they need no copy: that of a stream's chunks keeps the collector busy.
    return length === this.#attached ? left : copyBytes(left.subarray(0, length));
  }

  override lookup(id: number): StubHook {
    const hook = this.#session.exports.get(id);
    if (!hook) throw new ProtocolError(`no such entry on exports table: ${id}`);
    return hook;
  }

  override introduce(id: number, kind: "stub" | "promise"): StubHook {
    return this.#session.imports.introduce(id, kind);
  }

  override readable(id: number): ReadableStream {
    const entry = this.#session.exports.entry(id);
    const readable = entry?.readable;
    if (!entry || !readable) {
      throw new ProtocolError(
        `Export ${id} is not a pipe or its readable end was already consumed.`,
      );
    }
    entry.readable = undefined;
    return readable;
  }
}
