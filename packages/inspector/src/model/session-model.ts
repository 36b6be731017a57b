import { DEFAULT_LIMITS, parseMessage, type Message as WireMessage } from "@capnweb/wire";
import type { CloseEntry, FrameEntry, Note, NoteEntry, Side } from "../recording/entry.ts";
import { linesOf } from "../recording/lines-of.ts";
import { foldFrame, type StoredText } from "./frame-fold.ts";
import { introduce } from "./hand-over.ts";
import { HANDLERS } from "./messages.ts";
import { foldQuickly } from "./quick-fold.ts";
import type { Call, Message } from "./records.ts";
import { NOTHING, SessionState, type Subject } from "./session-state.ts";
import type { QuickCall, SideTables } from "./tables.ts";
import { shortened } from "./text.ts";

/** The longest text of a message that the page keeps for its list. */
const LONGEST_TEXT = 20_000;

/** A session, as the entries of its recording tell. */
export class SessionModel extends SessionState {
  /** Adds the capability that a side gives its peer from the start. */
  addMains(): void {
    for (const side of ["server", "client"] as const) {
      introduce(this, this.tables[side], 0, "main", undefined, "start", this.info.openedAt);
    }
  }

  /**
   * Takes a frame whose text is stored as bytes, if that is quicker.
   *
   * @returns the start of the part that wasn't taken; the end of the text, or more, if all was
   */
  stored(from: Side, text: StoredText, at: number): number {
    const { start, end } = text;
    // Notes are about records of calls.
    if (this.store.hasHistory || this.info.hasNotes) return start;
    const tables = this.tables[from];
    const next = foldFrame(this, tables, text, at);
    if (next > start) {
      this.info.size += Math.min(next, end) - start;
      tables.bytes = 0;
    }
    return next;
  }

  frame({ from, frame, at, size = frame.length }: FrameEntry): void {
    const tables = this.tables[from];
    this.info.size += size;
    if (typeof frame !== "string") {
      tables.bytes += size;
      return;
    }
    const bytes = tables.bytes;
    tables.bytes = 0;
    this.settle();
    // Most frames have one message.
    if (!frame.includes("]\n[")) this.#message(tables, frame, at, size, bytes, true);
    else {
      let isFirst = true;
      for (const text of linesOf(frame)) {
        // A session ends with such a message. A frame may have a million of them.
        if (!this.#message(tables, text, at, text.length, isFirst ? bytes : 0, true)) break;
        isFirst = false;
      }
    }
  }

  /** Takes a message. Returns false if it can't be read. */
  #message(
    from: SideTables,
    text: string,
    at: number,
    size: number,
    bytes: number,
    isPart: boolean,
  ): boolean {
    this.info.messages++;
    // A quick look at most messages is enough for the state of the session.
    if (!this.store.hasHistory && foldQuickly(this, from, text, at, isPart)) return true;
    let message: WireMessage;
    let subject: Subject;
    try {
      message = parseMessage(text, DEFAULT_LIMITS);
      subject = HANDLERS[message[0]]!(this, from, message, at, size + bytes);
    } catch (error) {
      this.#unreadable(from, text, at, size, error);
      return false;
    }
    this.#keep(from, text, at, size, bytes, message[0], subject, undefined);
    return true;
  }

  #unreadable(from: SideTables, text: string, at: number, size: number, error: unknown): void {
    const problem = shortened(String((error as Error)?.message ?? error), 300);
    this.#keep(from, text, at, size, 0, "?", NOTHING, problem);
    this.problem("message", at, { name: "Unreadable message", message: problem }, undefined);
  }

  #keep(
    { side }: SideTables,
    text: string,
    at: number,
    size: number,
    bytes: number,
    tag: string,
    { call, stream, id }: Subject,
    problem: string | undefined,
  ): void {
    if (!this.store.hasHistory) return;
    const { store } = this;
    const message: Message = {
      index: store.messages.end,
      session: this.info.session,
      from: side,
      at,
      text: shortened(text, LONGEST_TEXT),
      size,
      bytes,
      tag,
      call,
      stream,
      id,
      problem,
    };
    store.addMessage(message);
  }

  note({ note, at }: NoteEntry): void {
    this.settle();
    if (note.is === "failed") {
      this.#failed(note, at);
      return;
    }
    const noted = this.notes.take(note);
    if (!noted || note.is !== "gave") return;
    const call = "is" in noted ? this.#readNoted(noted) : noted;
    if (call) this.given.set(call, note.given);
  }

  /** Reads a call of the peer that a note is about, unless its result was given up. */
  #readNoted(quick: QuickCall): Call | undefined {
    const { recordedBy } = this.info;
    if (!recordedBy) return undefined;
    const caller = this.peerOf(this.tables[recordedBy]);
    if (caller.results.get(quick.id) !== quick) return undefined;
    const result = this.result(caller, quick.id);
    return result?.is === "call" ? result.call : undefined;
  }

  #failed({ id, name, message }: Extract<Note, { is: "failed" }>, at: number): void {
    const { recordedBy } = this.info;
    if (!recordedBy) return;
    const caller = this.peerOf(this.tables[recordedBy]);
    const result = this.result(caller, id);
    const call = result?.is === "call" ? result.call : caller.dropped.get(id);
    // A call that used the result has failed with the same error.
    if (!call || call.pipelined > 0) return;
    const failure = { name: shortened(name, 120), message: shortened(message, 500) };
    this.lostFailure(call, failure, at);
  }

  close({ at, reason }: CloseEntry): void {
    this.settle();
    this.info.closedAt = at;
    this.info.reason ??= shortened(reason, 300);
    for (const tables of Object.values(this.tables)) {
      for (const result of tables.results.values()) {
        if (result.is === "call") this.ended(result.call, "lost", at);
        else if (result.is !== "quick" && result.stream.state === "open") {
          result.stream.state = "lost";
          result.stream.endedAt = at;
        }
      }
      for (const capability of tables.exports.values()) capability.releasedAt ??= at;
      tables.results.clear();
      tables.exports.clear();
      tables.writers.clear();
      tables.dropped.clear();
    }
  }
}
