import {
  copyBytes,
  EncodeError,
  Encoder,
  type Expression,
  overLimit,
  withPlace,
} from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { CapabilityEncodeContext } from "../model/core-value-type.ts";
import { takeStream } from "../model/held-stream.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { pump } from "../stream/pump.ts";
import { WritableHook } from "../stream/writable-hook.ts";
import type { ExportTable } from "./exports.ts";
import type { PeerLimits } from "./features.ts";
import type { Importer } from "./import-entry.ts";
import type { MessageForm } from "./message-form.ts";

/** A stream's writing end, of whose failure the peer is told even if it writes nothing. */
export interface Watched {
  onFailure: ((error: unknown) => void) | undefined;
}

/** What encoding needs of a session. */
export interface EncodingSession extends Importer {
  /** Encodes values as long as they hold no capabilities; one for all. */
  readonly plainEncoder: EncodeTransaction;
  readonly level: Encoder["level"];
  readonly form: MessageForm;
  readonly onSendError: Encoder["onSendError"];
  readonly errorProperties: Encoder["errorProperties"];
  readonly exports: ExportTable;
  /** Whether the peer is one that announced extensions. */
  readonly peerHasAnnounced: boolean;
  /** Whether bytes can be sent in frames of their own. */
  readonly canAttach: boolean;
  readonly peerLimits: PeerLimits;
  /** The bytes to be sent before what was encoded last. */
  attachments: readonly Uint8Array[] | undefined;
  /** Makes a pipe at the peer: sends the message for it and gives its id and writing end. */
  pipe(): { id: number; hook: StubHook };
  /** Sees to it that the peer is told if the stream whose writing end is exported as `id` fails. */
  watchStream(id: number, stream: Watched): void;
  /** Sees to it that the peer is told what the promise exported as `id` resolves to. */
  settleUnasked(id: number): void;
}

/** Bytes fewer than this are sent in the text: a frame of their own costs more. */
const LEAST_ATTACHED = 512;

/** As long as a message's text can be, besides the value and a short path. */
const ENVELOPE = 64;

/** Stands for a failure of which nothing can be sent. */
const UNSENDABLE = ["error", "Error", "The failure can't be sent."] as const;

/** Thrown, and caught here, where a value turns out to hold capabilities that nobody owns yet. */
const NEEDS_OWNERSHIP = Symbol();

/**
 * The encoding of one message. Exports are entered as they are met, and taken back if a later part
 * can't be encoded; pipes, and the promises whose resolutions are to follow, wait until all is
 * encoded.
 */
export class EncodeTransaction extends Encoder implements CapabilityEncodeContext {
  readonly #session: EncodingSession;
  readonly #capabilities: "owned" | "unowned" | "refused";
  readonly #exported: number[] = [];
  readonly #readables: ReadableStream[] = [];
  /** What is done once the message can be sent for certain. */
  readonly #onCommit: (() => void)[] = [];
  #attachments: Uint8Array[] | undefined;
  /** How many errors were met. */
  #errors = 0;

  /** @param capabilities with `unowned`, nothing is exported, and the encoder can be used again */
  constructor(session: EncodingSession, capabilities: "owned" | "unowned" | "refused") {
    super(session.runtime.table, session.level, session);
    this.#session = session;
    this.#capabilities = capabilities;
  }

  /**
   * Encodes a payload's value, or the list that it is, as an operand of a message, and sends what
   * that depends on. The bytes that go before it are in `session.attachments` then: copies, but of
   * what is piped. The payload stays the caller's.
   *
   * @param budget that of the message that asked for the value, if one did
   * @throws EncodeError, LimitError for a value that can't travel; nothing was sent or exported
   *   then
   */
  static encode(
    session: EncodingSession,
    payload: Payload,
    isList = false,
    budget?: Budget,
  ): unknown {
    const { value } = payload;
    // Most values are small: these have nothing to count, to own or to take back.
    if (isList ? isEmptyList(value) : isSmall(value)) {
      payload.markPlain();
      session.attachments = undefined;
      return isList ? session.form.list([]) : session.form.operand(value as Expression);
    }
    if (!payload.isOwned) {
      try {
        const { plainEncoder } = session;
        const errors = plainEncoder.#errors;
        const encoded = plainEncoder.#run(payload, isList, budget);
        if (plainEncoder.#errors === errors) payload.markPlain();
        return encoded;
      } catch (error) {
        if (error !== NEEDS_OWNERSHIP) throw error;
      }
      payload.own();
    }
    return new EncodeTransaction(session, "owned").#run(payload, isList, budget);
  }

  #run({ value, isPiped }: Payload, isList: boolean, budget: Budget | undefined): unknown {
    const { form } = this.#session;
    const { depth, meter } = this;
    this.meter = budget;
    // Of a value that this encoder is at, if something in it makes calls as it is looked at.
    const outer = this.#attachments;
    this.#attachments = undefined;
    try {
      const encoded = isList ? this.encodeList(value as unknown[]) : this.encode(value);
      const attached = this.#attachments as Uint8Array[] | undefined;
      // Text of it is made here: that may call a getter once more.
      let operand = isList ? form.list(encoded as Expression[]) : form.operand(encoded);
      this.#checkSize(operand, attached);
      if (this.#onCommit.length > 0) {
        for (const act of this.#onCommit) act();
        // Pipes have their ids now.
        operand = isList ? form.list(encoded as Expression[]) : form.operand(encoded);
      }
      this.#session.attachments = isPiped ? attached : attached?.map(copyBytes);
      return operand;
    } catch (error) {
      this.depth = depth;
      this.#rollBack(0, 0, 0);
      throw withPlace(error, value, isList ? "arguments" : "result");
    } finally {
      this.#attachments = outer;
      this.meter = meter;
    }
  }

  /** @throws LimitError for a message that the peer would end the session for */
  #checkSize(operand: unknown, attached: readonly Uint8Array[] | undefined): void {
    const { maxMessageSize } = this.#session.peerLimits;
    if (maxMessageSize === Number.POSITIVE_INFINITY) return;
    let size = 0;
    if (attached) for (const { length } of attached) size += Math.max(length, LEAST_ATTACHED);
    const text = typeof operand === "string" ? operand.length + ENVELOPE : 0;
    if (Math.max(size, text) <= maxMessageSize) return;
    throw overLimit(
      "maxMessageSize",
      `The value takes more than the ${maxMessageSize} that a message to this peer may have.`,
    );
  }

  /**
   * Encodes a failure as an operand of a message, whatever was thrown: never throws itself. Parts
   * that can't travel are left out; capabilities never do. In place of a value that can't travel,
   * or is too large for the peer, goes the error that says so.
   */
  static failure(session: EncodingSession, error: unknown): unknown {
    const operandOf = (failure: unknown) => {
      const transaction = new EncodeTransaction(session, "refused");
      // Text of it is made here: that may call a getter once more.
      const operand = session.form.operand(transaction.encode(failure));
      transaction.#checkSize(operand, undefined);
      return operand;
    };
    try {
      return operandOf(error);
    } catch (encodeError) {
      try {
        return operandOf(encodeError);
      } catch {
        return session.form.operand(UNSENDABLE);
      }
    }
  }

  override attempt(value: unknown, take: (expression: Expression) => void): boolean {
    const exported = this.#exported.length;
    const readables = this.#readables.length;
    const onCommit = this.#onCommit.length;
    const attached = this.#attachments?.length;
    const isTaken = super.attempt(value, take);
    if (!isTaken) {
      this.#rollBack(exported, readables, onCommit);
      this.#attachments?.splice(attached ?? 0);
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
    return this.#session.peerHasAnnounced;
  }

  attach(bytes: Uint8Array): boolean {
    if (!this.#session.canAttach || bytes.length < LEAST_ATTACHED) return false;
    if (this.#capabilities === "refused") return false;
    this.#attachments ??= [];
    this.#attachments.push(bytes);
    return true;
  }

  #requireOwned(kind: string): void {
    if (this.#capabilities === "owned") return;
    if (this.#capabilities === "unowned") throw NEEDS_OWNERSHIP;
    throw new EncodeError(
      `Can't serialize ${kind} in this context. Errors can't carry stubs or streams.`,
    );
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
    const id = settled.idFor(this.#session);
    return id === undefined ? ["export", this.#export(settled.dup())] : ["import", id];
  }

  promise(hook: StubHook, path: PropertyPath): Expression {
    this.#requireOwned("RPC stubs");
    const settled = hook.settled();
    const id = settled.idFor(this.#session);
    if (id !== undefined) return path.length === 0 ? ["pipeline", id] : ["pipeline", id, path];
    const exported = this.#export(path.length === 0 ? settled.dup() : settled.get(path));
    this.#onCommit.push(() => this.#session.settleUnasked(exported));
    return ["promise", exported];
  }

  writable(stream: WritableStream): Expression {
    this.#requireOwned("WritableStream");
    if (stream.locked) throw new EncodeError(isLocked("WritableStream"));
    const writer = WritableHook.of(this.#session.runtime, stream);
    takeStream(stream);
    const id = this.#export(writer);
    this.#session.watchStream(id, writer);
    return ["writable", id];
  }

  readable(stream: ReadableStream): Expression {
    this.#requireOwned("ReadableStream");
    if (stream.locked) throw new EncodeError(isLocked("ReadableStream"));
    if (this.#readables.includes(stream)) {
      throw new EncodeError(
        "Cannot send a ReadableStream, or a body, in two places: it is already in the value. " +
          "tee() or clone() makes two.",
      );
    }
    this.#readables.push(stream);
    const expression: ["readable", number] = ["readable", 0];
    this.#onCommit.push(() => {
      const { id, hook } = this.#session.pipe();
      expression[1] = id;
      void pump(stream, hook, this.#session.runtime);
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

function isSmall(value: unknown): boolean {
  return Number.isFinite(value) || typeof value === "boolean" || value === null;
}

function isEmptyList(value: unknown): boolean {
  return (value as readonly unknown[]).length === 0;
}

function isLocked(kind: string): string {
  return `Cannot send ${kind} that is locked. It is in use, or already being sent.`;
}
