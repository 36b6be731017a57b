import { EncodeError, Encoder, type Expression } from "@capnweb/wire";
import { copyBytes } from "@capnweb/wire/internal";
import { LEAST_ATTACHED_BYTES } from "../call-context/counts.ts";
import type { CapabilityEncodeContext } from "../model/core-value-type.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Watched } from "../model/pipe-hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { isSmall } from "../model/value-size.ts";
import type { Answer } from "./answer.ts";
import type { ExportTable } from "./exports.ts";
import type { MessageForm } from "./message-form.ts";
import type { Negotiation } from "./negotiation.ts";
import { checkSize } from "./peer-message-size.ts";
import type { SessionServices } from "./services.ts";

/** Makes pipes. This object marks references to the peer's exports. */
export interface PipeMaker {
  /**
   * Makes a pipe at the peer: sends the message for it.
   *
   * @returns the pipe's id and writing end
   */
  pipe(): { id: number; hook: StubHook };
}

/** Tells the peer results that it didn't ask for. */
export interface UnaskedAnswers {
  /** Tells the peer if the stream whose writing end is exported as `id` fails. */
  watchStream(id: number, stream: Watched): void;
  /**
   * Tells the peer the resolution of a promise that a message introduces.
   *
   * @param within the answer that the message is, if it is one
   */
  answerUnasked(id: number, within: Answer | undefined): void;
}

/** A session, as encoding sees it. */
export interface EncodingSession {
  readonly runtime: Runtime;
  readonly services: SessionServices;
  /** Encodes values without capabilities. One encoder serves them all. */
  readonly plainEncoder: EncodeTransaction;
  readonly level: Encoder["level"];
  readonly form: MessageForm;
  readonly onSendError: Encoder["onSendError"];
  readonly errorProperties: Encoder["errorProperties"];
  readonly documentWriter: SessionServices["documentWriter"];
  readonly exports: ExportTable;
  readonly negotiation: Negotiation;
  readonly outgoing: PipeMaker;
  readonly answers: UnaskedAnswers;
}

/** An encoded part of a message. */
export interface Encoded {
  readonly operand: unknown;
  /** Bytes to be sent before the message. */
  readonly attached: readonly Uint8Array[] | undefined;
}

/** The exports of values without capabilities, which one encoder of each session serves. */
const NONE: never[] = [];

/** Thrown, and caught in this file, if a value turns out to have capabilities without an owner. */
const NEEDS_OWNERSHIP = Symbol();

/**
 * The encoding of one message. Exports are entered as they are met, and taken back if a later part
 * can't be encoded. Pipes, and promises whose resolutions are to follow, wait until everything is
 * encoded.
 */
export class EncodeTransaction extends Encoder implements CapabilityEncodeContext {
  readonly #session: EncodingSession;
  readonly #capabilities: "owned" | "unowned" | "refused";
  readonly #exported: number[];
  readonly #readables: ReadableStream[];
  /** Actions that follow once the message is certain to be sent. */
  readonly #onCommit: (() => void)[];
  /** The bytes that go before the message. */
  #attached: Uint8Array[] | undefined;
  /** The answer that is being encoded, if it is one. */
  #answer: Answer | undefined;
  #isAtWork = false;
  /** The number of errors met. */
  #errors = 0;

  /** @param capabilities with `unowned`, nothing is exported, and the encoder can be used again */
  constructor(session: EncodingSession, capabilities: "owned" | "unowned" | "refused") {
    super(session.runtime.table, session.level, session);
    this.#session = session;
    this.#capabilities = capabilities;
    const isOwned = capabilities === "owned";
    this.#exported = isOwned ? [] : NONE;
    this.#readables = isOwned ? [] : NONE;
    this.#onCommit = isOwned ? [] : NONE;
  }

  /**
   * Encodes a payload's value, or the list that it is, as an operand of a message, and sends
   * everything that the operand depends on. Attachments are copies, except those of a piped value.
   * The payload stays the caller's.
   *
   * @param answer the answer that the value is for, if the peer asked for it
   * @throws EncodeError, LimitError for a value that can't be sent; nothing was sent or exported
   *   then
   */
  static encode(
    session: EncodingSession,
    payload: Payload,
    isList = false,
    answer?: Answer,
  ): Encoded {
    const { value } = payload;
    const { form } = session;
    // Most values are small, and have nothing to count, to own or to take back.
    if (isList ? (value as unknown[]).length === 0 : isSmall(value)) {
      payload.markPlain();
      const operand = isList ? form.list([]) : form.operand(value as Expression);
      return { operand, attached: undefined };
    }
    if (!payload.isOwned) {
      const encoded = EncodeTransaction.#encodePlain(session, payload, isList, answer);
      if (encoded) return encoded;
      payload.own(undefined, answer?.budget?.ofAnswer());
    }
    return new EncodeTransaction(session, "owned").#run(payload, isList, answer);
  }

  /** Encodes a value, unless it turns out to have capabilities, which must be owned first. */
  static #encodePlain(
    session: EncodingSession,
    payload: Payload,
    isList: boolean,
    answer: Answer | undefined,
  ): Encoded | undefined {
    const { plainEncoder } = session;
    // The shared encoder is in use if a getter in a value makes calls.
    const encoder = plainEncoder.#isAtWork
      ? new EncodeTransaction(session, "unowned")
      : plainEncoder;
    const errors = encoder.#errors;
    try {
      const encoded = encoder.#run(payload, isList, answer);
      if (encoder.#errors === errors) payload.markPlain();
      return encoded;
    } catch (error) {
      if (error !== NEEDS_OWNERSHIP) throw error;
      return undefined;
    }
  }

  #run({ value, isPiped }: Payload, isList: boolean, answer: Answer | undefined): Encoded {
    const { form } = this.#session;
    this.#isAtWork = true;
    this.#answer = answer;
    this.meter = answer?.budget;
    this.useDocuments(this.#session.negotiation.features.documents);
    try {
      const encoded = isList ? this.encodeList(value as unknown[]) : this.encode(value);
      const attached = this.#attached;
      // Turned into text here, because that may call a getter once more.
      let operand = isList ? form.list(encoded as Expression[]) : form.operand(encoded);
      checkSize(this.#session.negotiation.features.limits, operand, attached);
      if (this.#onCommit.length > 0) {
        for (const act of this.#onCommit) act();
        // Made now, because its pipes have ids now.
        operand = isList ? form.list(encoded as Expression[]) : form.operand(encoded);
      }
      return { operand, attached: isPiped ? attached : attached?.map(copyBytes) };
    } catch (error) {
      this.depth = 0;
      this.#rollBack(0, 0, 0);
      throw this.#session.services.withPlace(error, value, isList ? "arguments" : "result");
    } finally {
      this.#attached = undefined;
      this.#answer = undefined;
      this.meter = undefined;
      this.#isAtWork = false;
    }
  }

  override attempt(value: unknown, take: (expression: Expression) => void): boolean {
    const exported = this.#exported.length;
    const readables = this.#readables.length;
    const onCommit = this.#onCommit.length;
    const before = this.#attached?.length ?? 0;
    const isTaken = super.attempt(value, take);
    if (!isTaken) {
      this.#rollBack(exported, readables, onCommit);
      this.#attached?.splice(before);
    }
    return isTaken;
  }

  protected override endsAttempt(error: unknown): boolean {
    return error === NEEDS_OWNERSHIP || super.endsAttempt(error);
  }

  metError(): void {
    this.#errors++;
  }

  get inheritedCodes(): boolean {
    return this.#session.negotiation.peerHasAnnounced;
  }

  attach(bytes: Uint8Array): boolean {
    if (!this.#session.negotiation.features.bytes || bytes.length < LEAST_ATTACHED_BYTES)
      return false;
    if (this.#capabilities === "refused") return false;
    this.#attached ??= [];
    this.#attached.push(bytes);
    return true;
  }

  #requireOwned(kind: string): void {
    if (this.#capabilities === "owned") return;
    if (this.#capabilities === "unowned") throw NEEDS_OWNERSHIP;
    throw new EncodeError(
      `Can't serialize ${kind} in this context. Errors can't carry stubs or streams.`,
    );
  }

  #requireFree(kind: string, stream: { readonly locked: boolean }): void {
    this.#requireOwned(kind);
    if (stream.locked) {
      throw new EncodeError(`Cannot send ${kind} that is locked: in use, or already being sent.`);
    }
  }

  target(): never {
    this.#requireOwned("RPC stubs");
    throw new EncodeError("A value was changed while it was sent.");
  }

  nativePromise(): never {
    this.target();
  }

  stub(hook: StubHook): Expression {
    this.#requireOwned("RPC stubs");
    const settled = hook.settled();
    const id = settled.idFor(this.#session.outgoing);
    return id === undefined ? ["export", this.#export(settled.dup())] : ["import", id];
  }

  promise(hook: StubHook, path: PropertyPath): Expression {
    this.#requireOwned("RPC stubs");
    const settled = hook.settled();
    const id = settled.idFor(this.#session.outgoing);
    if (id !== undefined) return path.length === 0 ? ["pipeline", id] : ["pipeline", id, path];
    const exported = this.#export(path.length === 0 ? settled.dup() : settled.get(path));
    const answer = this.#answer;
    this.#onCommit.push(() => this.#session.answers.answerUnasked(exported, answer));
    return ["promise", exported];
  }

  writable(stream: WritableStream): Expression {
    this.#requireFree("WritableStream", stream);
    const { runtime } = this.#session;
    const writer = runtime.streams.writer(runtime, stream);
    const id = this.#export(writer);
    this.#session.answers.watchStream(id, writer);
    return ["writable", id];
  }

  readable(stream: ReadableStream): Expression {
    this.#requireFree("ReadableStream", stream);
    if (this.#readables.includes(stream)) {
      throw new EncodeError(
        "Cannot send a stream or body already in the value. tee() or clone() makes two.",
      );
    }
    this.#readables.push(stream);
    const expression: ["readable", number] = ["readable", 0];
    this.#onCommit.push(() => {
      const { runtime, outgoing } = this.#session;
      const { id, hook } = outgoing.pipe();
      expression[1] = id;
      runtime.streams.pump(stream, hook, runtime);
    });
    return expression;
  }

  #export(hook: StubHook): number {
    const id = this.#session.exports.add(hook);
    this.#exported.push(id);
    return id;
  }

  #rollBack(exported: number, readables: number, onCommit: number): void {
    this.#readables.length = readables;
    while (this.#exported.length > exported) {
      this.#session.exports.remove(this.#exported.pop()!);
    }
    this.#onCommit.length = onCommit;
  }
}
