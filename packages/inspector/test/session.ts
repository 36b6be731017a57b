import type { Entry, Side } from "../src/recording/entry.ts";

/** Writes the entries of a session by hand: one millisecond from message to message. */
export class WrittenSession {
  readonly entries: Entry[] = [];
  readonly session: number;
  #at = 1_000;

  constructor(session = 1, recordedBy?: Side) {
    this.session = session;
    const hasNotes = recordedBy !== undefined;
    const label = `session ${session}`;
    this.entries.push({ kind: "open", session, at: this.#at, label, recordedBy, hasNotes });
  }

  /** Lets time pass. */
  pass(milliseconds: number): this {
    this.#at += milliseconds;
    return this;
  }

  client(...messages: readonly unknown[]): this {
    return this.#say("client", messages);
  }

  server(...messages: readonly unknown[]): this {
    return this.#say("server", messages);
  }

  frame(from: Side, frame: string | Uint8Array, size?: number): this {
    this.entries.push({ kind: "frame", session: this.session, at: ++this.#at, from, frame, size });
    return this;
  }

  note(note: Extract<Entry, { kind: "note" }>["note"]): this {
    this.entries.push({ kind: "note", session: this.session, at: ++this.#at, note });
    return this;
  }

  close(reason = "gone"): this {
    this.entries.push({ kind: "close", session: this.session, at: ++this.#at, reason });
    return this;
  }

  #say(from: Side, messages: readonly unknown[]): this {
    for (const message of messages) this.frame(from, JSON.stringify(message));
    return this;
  }
}
