import { ProtocolError } from "@capnweb/wire";
import { isObject } from "@capnweb/wire/internal";
import { afterAwaits } from "../after-awaits.ts";
import type { Budget, HoldsBytes } from "../budget.ts";
import { HEAVY_MESSAGE } from "../call-context/counts.ts";
import type { StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Watched } from "../model/pipe-hook.ts";
import { handleUnread } from "../model/unread-promises.ts";
import { TurnQueue } from "../turns/turn-queue.ts";
import { Answer, type AnswerOwner } from "./answer.ts";
import { encodeFailure } from "./encode-failure.ts";
import {
  EncodeTransaction,
  type EncodingSession,
  type UnaskedAnswers,
} from "./encode-transaction.ts";
import type { ExportEntry } from "./exports.ts";
import type { Interception } from "./interception.ts";
import type { Lifetime } from "./lifetime.ts";
import type { Outbox } from "./outbox.ts";

/** A session, as its answers see it. */
export interface AnswersHost extends EncodingSession {
  readonly lifetime: Lifetime;
  readonly outbox: Outbox;
  readonly held: HoldsBytes;
  /** Told of references that fail; see {@link Interception.broken}. */
  readonly interception: Interception | undefined;
}

/**
 * The results that a session owes its peer, from the moment they are asked for until they are sent.
 */
export class Answers implements AnswerOwner, UnaskedAnswers {
  readonly #host: AnswersHost;
  /** Unrequested answers of messages that set off much. */
  #heavy: TurnQueue | undefined;
  /** The number of requested results that haven't been sent. */
  pending = 0;
  /** Called after each event that can leave no answer to send; see `draining.ts`. */
  watchers: Set<() => void> | undefined;

  constructor(host: AnswersHost) {
    this.#host = host;
  }

  get importer(): object {
    return this.#host.outgoing;
  }

  /**
   * Tells the peer the resolution of an export, once.
   *
   * @throws ProtocolError for an unknown id
   */
  answer(id: number, budget: Budget): void {
    const entry = this.#host.exports.entry(id);
    if (!entry) throw new ProtocolError(`no such export ID: ${id}`);
    if (entry.pulled) return;
    const answer = new Answer(this, id, budget);
    answer.pull(this.#begin(entry).hook);
    if (!answer.isOver) entry.answer = answer;
  }

  /**
   * Answers a call whose result the peer can't refer to. Takes over `hook`.
   *
   * @param isOfStream whether the call is a chunk of a stream, so that its answer may leave later
   */
  answerOnce(hook: StubHook, budget: Budget, isOfStream: boolean): void {
    const { exports } = this.#host;
    const id = exports.reserve();
    this.pending++;
    // A result that is there already needs no entry.
    if (!hook.peek()) exports.enter(id, hook, budget.size + budget.made);
    const entry = exports.entry(id);
    if (entry) entry.pulled = true;
    const answer = new Answer(this, id, budget, hook);
    answer.isOfStream = isOfStream;
    answer.pull(hook);
    if (entry && !answer.isOver) entry.answer = answer;
  }

  answerUnasked(id: number, within: Answer | undefined): void {
    const { hook } = this.#begin(this.#host.exports.entry(id)!);
    // Sent after the message that introduces the id.
    const answer = new Answer(this, id, within?.budget, undefined, within);
    afterAwaits(() => {
      // A short message may ask for many long answers.
      const isHeavy = answer.budget !== undefined && answer.budget.spent > HEAVY_MESSAGE;
      if (!isHeavy) {
        this.#pull(answer, hook);
        return;
      }
      // It may wait for a turn, after which rejections in it would be unhandled.
      hook.whenSettled(handleUnread);
      this.#heavy ??= new TurnQueue();
      this.#heavy.run(() => this.#pull(answer, hook));
    });
  }

  /** Answers, unless the export has gone meanwhile, and its hook with it. */
  #pull(answer: Answer, hook: StubHook): void {
    const { lifetime, exports } = this.#host;
    if (lifetime.over) return;
    if (exports.entry(answer.id)?.hook === hook) answer.pull(hook);
    else this.answered(answer);
  }

  #begin(entry: ExportEntry): ExportEntry {
    entry.pulled = true;
    this.pending++;
    return entry;
  }

  resolve(answer: Answer, payload: Payload): void {
    const host = this.#host;
    if (host.lifetime.over) return;
    const { operand, attached } = EncodeTransaction.encode(host, payload, false, answer);
    if (!answer.released) host.exports.hold(answer.id, this.#sizeOf(payload, operand));
    const { isOfStream } = answer;
    host.outbox.send(host.form.tagged("resolve", answer.id, operand), attached, isOfStream);
  }

  /** The approximate bytes of a result that the peer may ask for again, or refer to. */
  #sizeOf({ value, runtime }: Payload, operand: unknown): number {
    const length = typeof operand === "string" ? operand.length : 0;
    // Small containers take up to twenty times as much as their text.
    if (!isObject(value)) return length;
    return Math.max(length, this.#host.held.sizeOf(value, runtime.table));
  }

  reject(id: number, error: unknown, budget?: Budget): void {
    const host = this.#host;
    if (host.lifetime.over) return;
    if (id < 0) host.interception?.broken?.("out");
    host.outbox.tell("reject", id, encodeFailure(host, error, budget));
  }

  watchStream(id: number, stream: Watched): void {
    stream.onFailure = (error) => {
      const entry = this.#host.exports.entry(id);
      // The peer may have asked for it, and learned that it can't, or may have given it up.
      if (!entry || entry.pulled) return;
      entry.pulled = true;
      this.reject(id, error);
    };
  }

  answered({ id, released }: Answer): void {
    if (released) {
      this.#host.exports.remove(id);
      released.dispose();
    }
    this.pending--;
    this.progressed();
  }

  /** Notes an event that can leave no answer to send. */
  progressed(): void {
    for (const look of this.watchers ?? []) look();
  }
}
