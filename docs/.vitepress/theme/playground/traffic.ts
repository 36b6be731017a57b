import {
  type Entry,
  formatEntry,
  formatHeader,
  InspectorModel,
  meaningOf,
} from "@capnweb/inspector/model";
import type { Side } from "./program.ts";
import { wireText } from "./wire-text.ts";

/** A message as the page shows it. */
export interface ShownMessage {
  readonly from: Side;
  readonly words: string;
  readonly text: string;
  /** Milliseconds since the start. */
  readonly at: number;
}

const SESSION = 1;

/** The messages between the ends of a run. */
export class Traffic {
  readonly #model = new InspectorModel();
  readonly #entries: Entry[] = [];
  readonly #start = Date.now();
  #isOver = false;

  constructor() {
    const at = this.#start;
    this.#add({ kind: "open", session: SESSION, at, label: "playground", medium: "messageport" });
  }

  /** Takes a message, and returns those that it shows: none if it only closes. */
  take(from: Side, message: unknown): ShownMessage[] {
    const at = Date.now();
    const before = this.#model.messages.end;
    this.#add({ kind: "frame", session: SESSION, at, from, frame: wireText(message) });
    const shown: ShownMessage[] = [];
    for (let i = before; i < this.#model.messages.end; i++) {
      const added = this.#model.messages.get(i)!;
      shown.push({ from, words: meaningOf(added), text: added.text, at: at - this.#start });
    }
    return shown;
  }

  /** Notes the end of the session. */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#add({ kind: "close", session: SESSION, at: Date.now(), reason });
  }

  /** The round trips that each side waited for. */
  get roundTrips(): Readonly<Record<Side, number>> {
    const most = { client: 0, server: 0 };
    for (const { by, trip, pulledAt } of this.#model.calls) {
      if (pulledAt !== undefined) most[by] = Math.max(most[by], trip);
    }
    return most;
  }

  /** The text of a file for the inspector. */
  recording(): string {
    return [formatHeader("playground"), ...this.#entries.map(formatEntry), ""].join("\n");
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#model.add(entry);
  }
}
