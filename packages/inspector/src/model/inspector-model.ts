import type { Entry, Side } from "../recording/entry.ts";
import { Ring } from "../recording/ring.ts";
import type { StoredText } from "./frame-fold.ts";
import type { Call, Capability, SessionInfo } from "./records.ts";
import { SessionModel } from "./session-model.ts";
import { restore, type Snapshot, snapshotOf } from "./snapshot.ts";
import { MODEL_LIMITS, type ModelLimits, Store } from "./store.ts";

/** Most ended sessions that are listed. */
const MOST_ENDED = 1_000;

/**
 * The state and history of recorded sessions, computed from the entries of a recording. It does no
 * input or output. Memory is bounded: lists drop their oldest records, and `dropped` counts them.
 *
 * @example
 * ```ts
 * const model = new InspectorModel();
 * for (const entry of parseRecording(text).entries) model.add(entry);
 * for (const { name, state } of model.calls) console.log(name, state);
 * ```
 */
export class InspectorModel {
  readonly #store: Store;
  readonly #sessions = new Map<number, SessionModel>();
  readonly #ended = new Ring<number>(MOST_ENDED);

  /** @param limits the numbers of records to keep; default {@link MODEL_LIMITS} */
  constructor(limits: ModelLimits = MODEL_LIMITS) {
    this.#store = new Store(limits);
  }

  /** Takes the next entry of the recording. Never throws, whatever a peer sent. */
  add(entry: Entry): void {
    if (entry.kind === "open") {
      const opened = new SessionModel(entry, this.#store);
      opened.addMains();
      this.#sessions.set(entry.session, opened);
      return;
    }
    const session = this.#sessions.get(entry.session);
    if (!session) return;
    if (entry.kind === "frame") session.frame(entry);
    else if (entry.kind === "note") session.note(entry);
    else {
      session.close(entry);
      const forgotten = this.#store.hasHistory ? this.#ended.push(entry.session) : entry.session;
      if (forgotten !== undefined) this.#sessions.delete(forgotten);
    }
  }

  /**
   * Takes a frame whose text is stored as bytes, if that is quicker. The bytes must stay until
   * {@link settle}.
   *
   * @returns the start of the part that wasn't taken; the end of the text, or more, if all was
   */
  addStored(session: number, at: number, from: Side, text: StoredText): number {
    return this.#sessions.get(session)?.stored(from, text, at) ?? text.start;
  }

  /**
   * Ends a series of calls of {@link add}. Only a model without history needs it: it keeps whole
   * frames until then.
   */
  settle(): void {
    this.#store.settle();
  }

  get sessions(): readonly SessionInfo[] {
    return [...this.#sessions.values()].map(({ info }) => info);
  }

  get calls(): Store["calls"] {
    return this.#store.calls;
  }

  get messages(): Store["messages"] {
    return this.#store.messages;
  }

  get streams(): Store["streams"] {
    return this.#store.streams;
  }

  get problems(): Store["problems"] {
    return this.#store.problems;
  }

  /** The capabilities that were ever handed over, released ones included. */
  get capabilities(): Store["capabilities"] {
    return this.#store.capabilities;
  }

  get methods(): Store["latencies"]["methods"] {
    return this.#store.latencies.methods;
  }

  /** The capabilities that are held now, and the results of calls that weren't given up. */
  held(): Capability[] {
    this.#store.settle();
    const held: Capability[] = [];
    for (const session of this.#sessions.values()) {
      for (const side of Object.values(session.tables)) {
        held.push(...side.exports.values());
        for (const id of side.results.keys()) {
          const result = session.result(side, id);
          if (result?.is === "call") held.push(resultAsCapability(result.call));
        }
      }
    }
    return held;
  }

  /**
   * The state of all sessions, without history, for another model that goes on.
   *
   * @param most entries of tables
   */
  snapshot(most?: number): Snapshot {
    this.#store.settle();
    return snapshotOf(this.#sessions.values(), most);
  }

  /** Makes a model that goes on from the state of another one. */
  static from(snapshot: Snapshot, limits?: ModelLimits): InspectorModel {
    const model = new InspectorModel(limits);
    model.#restore(snapshot);
    return model;
  }

  #restore(snapshot: Snapshot): void {
    for (const session of restore(snapshot, this.#store)) {
      this.#sessions.set(session.info.session, session);
    }
  }
}

/** A result that its caller holds, as the table of capabilities shows it. */
function resultAsCapability(call: Call): Capability {
  return {
    key: -call.key,
    session: call.session,
    owner: call.by === "client" ? "server" : "client",
    id: call.id,
    kind: "result",
    from: call,
    how: "answer",
    since: call.sentAt,
    count: 1,
    releasedAt: undefined,
    usedAt: undefined,
    uses: call.pipelined,
    label: undefined,
    stack: call.stack,
  };
}
