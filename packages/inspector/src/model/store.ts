import { Ring } from "../recording/ring.ts";
import { Latencies } from "./latencies.ts";
import type { Call, Capability, Message, Problem, Stream } from "./records.ts";

/** The amounts of history that a model keeps. */
export interface ModelLimits {
  readonly calls: number;
  readonly messages: number;
  readonly capabilities: number;
  readonly streams: number;
  readonly problems: number;
}

export const MODEL_LIMITS: ModelLimits = {
  calls: 50_000,
  messages: 100_000,
  capabilities: 20_000,
  streams: 5_000,
  problems: 5_000,
};

/** The limits of a model that only follows the state of sessions. */
export const NO_HISTORY: ModelLimits = {
  calls: 0,
  messages: 0,
  capabilities: 0,
  streams: 0,
  problems: 0,
};

/** Most UTF-16 code units of the messages' texts. */
const MOST_TEXT = 64 * 1024 * 1024;

const NO_CALLS: readonly Call[] = [];

/** Has a call keep no other record. */
export function cutLinks(call: Call): void {
  call.waitsFor = NO_CALLS;
  call.on = undefined;
  call.waste = undefined;
}

/** The records of all sessions, oldest first. Each list drops its oldest when it is full. */
export class Store {
  readonly calls: Ring<Call>;
  readonly messages: Ring<Message>;
  readonly capabilities: Ring<Capability>;
  readonly streams: Ring<Stream>;
  readonly problems: Ring<Problem>;
  readonly latencies = new Latencies();
  /** The sessions whose tables may lack calls. */
  readonly unsettled = new Set<{ settle(): void }>();
  /** True if records are kept and described. */
  readonly hasHistory: boolean;
  #keys = 0;
  #textSize = 0;

  constructor(limits: ModelLimits) {
    this.calls = new Ring(limits.calls);
    this.messages = new Ring(limits.messages);
    this.capabilities = new Ring(limits.capabilities);
    this.streams = new Ring(limits.streams);
    this.problems = new Ring(limits.problems);
    this.hasHistory = limits.calls > 0;
  }

  /**
   * Adds a call. The one that has to go loses its links to others, because each call may lead to
   * one before it: all calls of a session would stay.
   */
  addCall(call: Call): void {
    const gone = this.calls.push(call);
    if (gone) cutLinks(gone);
  }

  /** Adds a message. The oldest go if there are too many, or if their texts are too long. */
  addMessage(message: Message): void {
    const gone = this.messages.push(message);
    this.#textSize += message.text.length - (gone?.text.length ?? 0);
    while (this.#textSize > MOST_TEXT) this.#textSize -= this.messages.shift()!.text.length;
  }

  /** Has the tables of all sessions be complete. */
  settle(): void {
    for (const session of this.unsettled) session.settle();
    this.unsettled.clear();
  }

  /** A number that no other record has. */
  nextKey(): number {
    return ++this.#keys;
  }

  /** Keeps later keys apart from one that another model gave. */
  reserve(key: number): void {
    this.#keys = Math.max(this.#keys, key);
  }
}
