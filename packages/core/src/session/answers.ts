import { ProtocolError } from "@capnweb/wire";
import { afterAwaits } from "../after-awaits.ts";
import type { Budget } from "../budget.ts";
import type { ErrorHook, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import { type ErrorListener, reportTo } from "../report.ts";
import { Answer, type Answering } from "./answer.ts";
import { EncodeTransaction, type EncodingSession } from "./encode-transaction.ts";
import type { ExportEntry } from "./exports.ts";

/** A session, as its answers see it. */
export interface AnswersHost extends EncodingSession {
  /** Why the session is over, once it is. */
  readonly over: ErrorHook | undefined;
  readonly onError: ErrorListener | undefined;
  /** Whether messages wait to be handled, which may ask for more. */
  readonly isWaiting: boolean;
  send(tag: "resolve" | "reject", id: number, operand: unknown): void;
  flush(): void;
}

/**
 * The results that a session tells its peer: from the moment they are asked for until they are
 * sent.
 */
export class Answers implements Answering {
  readonly #host: AnswersHost;
  /** How many results the peer asked for that weren't sent yet. */
  #pending = 0;
  /** The answer that is being encoded. */
  #current: Answer | undefined;
  /** Callbacks that wait until nothing is left to answer. */
  #draining: ((over: ErrorHook | undefined) => void)[] | undefined;

  constructor(host: AnswersHost) {
    this.#host = host;
  }

  get session(): AnswersHost {
    return this.#host;
  }

  /** Tells the peer the resolution of an export, once. @throws ProtocolError for an unknown id */
  answer(id: number, budget: Budget): void {
    const entry = this.#host.exports.entry(id);
    if (!entry) throw new ProtocolError(`no such export ID: ${id}`);
    if (entry.pulled) return;
    const answer = new Answer(this, id, budget);
    answer.pull(this.#begin(entry).hook);
    if (!answer.isOver) entry.answer = answer;
  }

  /** Answers a call whose result the peer can't refer to. Takes over `hook`. */
  answerOnce(hook: StubHook, budget: Budget): void {
    const { exports } = this.#host;
    const id = exports.reserve();
    this.#pending++;
    // A result that is there already needn't be entered.
    if (!hook.peek()) exports.enterPulled(id, hook, budget.size + budget.made);
    const answer = new Answer(this, id, budget, hook);
    answer.pull(hook);
    const entry = answer.isOver ? undefined : exports.entry(id);
    if (entry) entry.answer = answer;
  }

  /** Tells the peer the resolution of a promise that the answer being encoded introduces. */
  answerUnasked(id: number): void {
    const { hook } = this.#begin(this.#host.exports.entry(id)!);
    // Not before the message that introduces the id.
    const answer = new Answer(this, id, this.#current?.budget, undefined, this.#current);
    afterAwaits(() => answer.pull(hook));
  }

  #begin(entry: ExportEntry): ExportEntry {
    entry.pulled = true;
    this.#pending++;
    return entry;
  }

  resolve(answer: Answer, payload: Payload): void {
    const host = this.#host;
    if (host.over) return;
    const listener = reportTo(host.onError);
    this.#current = answer;
    let operand: unknown;
    try {
      operand = EncodeTransaction.encode(host, payload, false, answer.budget);
    } finally {
      this.#current = undefined;
      reportTo(listener);
    }
    if (typeof operand === "string" && !answer.released) {
      host.exports.hold(answer.id, operand.length);
    }
    host.send("resolve", answer.id, operand);
  }

  reject(id: number, error: unknown): void {
    if (this.#host.over) return;
    this.#host.send("reject", id, EncodeTransaction.failure(this.#host, error));
  }

  answered({ id, released }: Answer): void {
    if (released) {
      const listener = reportTo(this.#host.onError);
      this.#host.exports.remove(id);
      released.dispose();
      reportTo(listener);
    }
    this.#pending--;
    this.tellDrained();
  }

  /**
   * Calls `callback` once every result that the peer asked for has been sent, or the session is
   * over.
   */
  whenDrained(callback: (over: ErrorHook | undefined) => void): void {
    this.#draining ??= [];
    this.#draining.push(callback);
    this.tellDrained();
  }

  /** To be called after anything that can leave nothing to answer. */
  tellDrained(): void {
    if (!this.#draining?.length) return;
    const { over } = this.#host;
    if (!over && (this.#pending > 0 || this.#host.isWaiting)) return;
    if (!over) this.#host.flush();
    for (const callback of this.#draining.splice(0)) callback(over);
  }
}
