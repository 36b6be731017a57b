import type { RpcSessionOptions } from "@capnweb/core";
import { InspectorModel } from "../model/inspector-model.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { NO_HISTORY } from "../model/store.ts";
import { shortened } from "../model/text.ts";
import { described } from "./described.ts";
import { type Entry, type Note, otherSide, type Side } from "./entry.ts";
import { EntryRing } from "./entry-ring.ts";
import { keptFrame } from "./kept-frame.ts";
import type { Packed } from "./pack.ts";
import { intercepting } from "./tracing.ts";

/** Options of {@link Recorder}. */
export interface RecorderOptions {
  /** Bytes of entries that are kept. The oldest are dropped. Default 32 MiB. */
  readonly maxBytes?: number | undefined;
  /** Entries that are kept. Default 100,000. */
  readonly maxEntries?: number | undefined;
  /**
   * True to note facts that aren't in the messages: the classes of objects, and the stacks of calls
   * and of new capabilities. It costs some microseconds per call. Default: true if `NODE_ENV` is
   * `development`.
   */
  readonly details?: boolean | undefined;
}

/** The facts about a session that people recognise it by. */
export interface SessionFacts {
  readonly label: string;
  readonly medium?: string | undefined;
  readonly address?: string | undefined;
  readonly identity?: string | undefined;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Records sessions, in bounded memory. It decodes messages only when it has to drop them, so that
 * sessions hardly notice it.
 *
 * @example
 * ```ts
 * const recorder = new Recorder();
 * const options = recorder.options("client", { label: url });
 * const api = newWebSocketRpcSession<Api>(url, undefined, options);
 * ```
 */
export class Recorder {
  readonly hasDetails: boolean;
  readonly #entries: EntryRing;
  /** The state of the sessions at the oldest entry that is kept. */
  readonly #base = new InspectorModel(NO_HISTORY);
  readonly #listeners = new Set<(entry: Entry) => void>();
  #sessions = 0;
  #isStopped = false;

  constructor(options: RecorderOptions = {}) {
    const { maxBytes = 32 * MEBIBYTE, maxEntries = 100_000, details } = options;
    this.#entries = new EntryRing(maxEntries, maxBytes);
    this.hasDetails = details ?? isDevelopment();
  }

  /** The number of the oldest entry that is kept. That many were dropped. */
  get start(): number {
    return this.#entries.start;
  }

  /** The number that the next entry gets. */
  get end(): number {
    return this.#entries.end;
  }

  /** The entry with a number. */
  get(number: number): Entry | undefined {
    return this.#entries.get(number);
  }

  /** The entries that are kept, oldest first. */
  get entries(): Iterable<Entry> {
    return this.#entries;
  }

  /** Packs entries; see {@link EntryRing.pack}. */
  pack(start: number, most: number, mostBytes: number): { packed: Packed; end: number } {
    return this.#entries.pack(start, most, mostBytes);
  }

  /** The state of the sessions before the oldest entry that is kept. */
  snapshot(): Snapshot {
    return this.#base.snapshot();
  }

  /**
   * Calls `listener` with each entry from now on.
   *
   * @returns a function that stops it
   */
  onEntry(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * Begins to record a session.
   *
   * @param recordedBy the side of this process; `undefined` for a proxy
   */
  open(facts: SessionFacts, recordedBy?: Side): SessionRecorder {
    const session = ++this.#sessions;
    const hasNotes = this.hasDetails && recordedBy !== undefined;
    this.add({ kind: "open", session, at: now(), recordedBy, hasNotes, ...facts });
    return new SessionRecorder(this, session);
  }

  /** Adds an entry, as it is in a recorded file. */
  add(entry: Entry): void {
    if (this.#isStopped) return;
    this.#entries.add(entry);
    this.#added();
  }

  /** Adds a frame that is kept whole. */
  addFrame(session: number, from: Side, frame: string): void {
    if (this.#isStopped) return;
    this.#entries.addFrame(session, now(), from, frame);
    this.#added();
  }

  addNote(session: number, note: Note): void {
    if (this.#isStopped) return;
    this.#entries.addNote(session, now(), note);
    this.#added();
  }

  #added(): void {
    const entries = this.#entries;
    if (entries.isFull) entries.dropInto(this.#base);
    if (this.#listeners.size === 0) return;
    const entry = entries.get(entries.end - 1)!;
    for (const listener of this.#listeners) listener(entry);
  }

  /** Records nothing from now on. Sessions that go on aren't disturbed. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Returns the options that record a session, for any function that starts one.
   *
   * @param side the side of this process
   */
  options(side: Side, facts: SessionFacts): RecordingOptions {
    let recorder: SessionRecorder | undefined;
    const opened = () => {
      recorder ??= this.open(facts, side);
      return recorder;
    };
    const peer = otherSide(side);
    return {
      onMessage: (direction, message) => {
        opened().frame(direction === "in" ? peer : side, message);
      },
      onSession: (session) => {
        const own = opened();
        session.onClose((reason) => own.close(reason));
      },
      onLostError: (error, id) => {
        opened().note({ is: "failed", id, ...described(error) });
      },
      ...(this.hasDetails && { interceptors: intercepting((note) => opened().note(note)) }),
    };
  }
}

/** The options of a session by which it is recorded. */
export interface RecordingOptions extends Pick<RpcSessionOptions, "interceptors"> {
  onLostError: NonNullable<RpcSessionOptions["onLostError"]>;
  onMessage: NonNullable<RpcSessionOptions["onMessage"]>;
  onSession: NonNullable<RpcSessionOptions["onSession"]>;
}

/** Records one session. */
export class SessionRecorder {
  readonly session: number;
  readonly #recorder: Recorder;
  #isClosed = false;

  constructor(recorder: Recorder, session: number) {
    this.#recorder = recorder;
    this.session = session;
  }

  /** Records a frame: text, bytes, or a message tree. It may change afterwards. */
  frame(from: Side, frame: unknown): void {
    const { session } = this;
    const kept = keptFrame(frame);
    // Most frames are short texts.
    if (typeof kept === "string") this.#recorder.addFrame(session, from, kept);
    else this.#recorder.add({ kind: "frame", session, at: now(), from, ...kept });
  }

  note(note: Note): void {
    this.#recorder.addNote(this.session, note);
  }

  /** Records the end. Idempotent. */
  close(reason: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const text = shortened(reasonText(reason), LONGEST_REASON);
    this.#recorder.add({ kind: "close", session: this.session, at: now(), reason: text });
  }
}

/** Longer reasons of ends are cut: a peer may give any. */
const LONGEST_REASON = 300;

function reasonText(reason: unknown): string {
  try {
    return String((reason as Error | undefined)?.message ?? reason ?? "");
  } catch {
    return "a reason that has no text";
  }
}

const { timeOrigin } = performance;

function now(): number {
  return timeOrigin + performance.now();
}

/** True if the process says that it isn't in production. */
export function isDevelopment(): boolean {
  return globalThis.process?.env?.["NODE_ENV"] === "development";
}
