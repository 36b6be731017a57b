import { type EncodingLevel, type Expression, type Limits, ProtocolError } from "@capnweb/wire";
import type { Attached } from "@capnweb/wire/internal";
import type { Budget } from "../budget.ts";
import type { StubHook } from "../model/hook.ts";
import { PipeHook } from "../model/pipe-hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { PayloadDecoder } from "../value-types/payload-decoder.ts";
import type { ExportTable } from "./exports.ts";
import type { ImportTable } from "./imports.ts";
import { libraryError } from "./library-errors.ts";
import type { Lifetime } from "./lifetime.ts";
import type { Negotiation } from "./negotiation.ts";
import { untilEnd } from "./until-end.ts";

/** A session, as decoding sees it. */
export interface DecodingSession {
  readonly runtime: Runtime;
  readonly level: EncodingLevel;
  readonly limits: Limits;
  readonly imports: ImportTable;
  readonly exports: ExportTable;
  readonly negotiation: Negotiation;
  readonly lifetime: Lifetime;
  /** Ends the session because of something that a message did. */
  abort(reason: unknown): void;
}

/** Decodes a peer's expressions. Ids name entries of the session's tables. */
export class SessionDecoder extends PayloadDecoder {
  readonly #session: DecodingSession;
  /** The binary frames that came before the message's text. */
  #attached: Attached | undefined;
  #isResolution = false;

  constructor(session: DecodingSession) {
    super(session.runtime, session.level, session.limits);
    this.#session = session;
  }

  /**
   * True if the decoder can be used again: it was made for text, and has neither failed nor is
   * still decoding. It is still decoding if the work of a message takes in another message.
   */
  get isReusable(): boolean {
    return !(this.met || this.depth);
  }

  /**
   * Prepares for a message.
   *
   * @param isResolution whether it contains the resolution of a promise, which fails with the
   *   session if it is still to come
   */
  begin(budget: Budget, attached: Attached | undefined, isResolution = false): this {
    this.budget = budget;
    this.#attached = attached;
    this.#isResolution = isResolution;
    this.restart();
    return this;
  }

  /** Ends the session first, so that it doesn't release a message's references one by one. */
  protected override failed(error: unknown): void {
    this.#session.abort(error);
  }

  takeAttached(length: number): Uint8Array | undefined {
    return this.#attached?.take(length);
  }

  libraryError(
    name: string,
    message: string,
    properties: Readonly<Record<string, Expression>>,
  ): Error | undefined {
    if (!this.#session.negotiation.peerHasAnnounced) return undefined;
    return libraryError(name, message, properties);
  }

  override promise(hook: StubHook, parent: object, key: PropertyKey): unknown {
    return super.promise(
      this.#isResolution ? untilEnd(hook, this.#session.lifetime) : hook,
      parent,
      key,
    );
  }

  override lookup(id: number): StubHook {
    const hook = this.#session.exports.get(id);
    if (!hook) throw new ProtocolError(`no such entry on exports table: ${id}`);
    return hook;
  }

  override introduce(id: number, kind: "stub" | "stream" | "promise"): StubHook {
    return this.#session.imports.introduce(id, kind);
  }

  override readable(id: number): ReadableStream {
    const hook = this.#session.exports.get(id);
    const readable = hook instanceof PipeHook ? hook.claim() : undefined;
    if (!readable) {
      throw new ProtocolError(
        `Export ${id} is not a pipe or its readable end was already consumed.`,
      );
    }
    return readable;
  }
}
