import type { Note } from "../recording/entry.ts";
import type { Call } from "./records.ts";

/** Most notes that wait for their call, or calls for their notes, of one name, and most names. */
const MOST_WAITING = 64;

/**
 * Finds the calls that the notes of the recording process are about. Messages and notes have no
 * number in common, but calls of one name leave and run in the order of their messages.
 */
export class Notes {
  /** Stacks of calls whose messages haven't left, by name. */
  readonly #stacks = new Map<string, string[]>();
  /** Calls that haven't begun to run, by name. */
  readonly #calls = new Map<string, Call[]>();
  /** Calls that run, by the serial number of their notes. */
  readonly #served = new Map<number, Call>();

  /** Returns the stack of a call that this process makes. */
  stackOf(name: string): string | undefined {
    return this.#stacks.get(name)?.shift();
  }

  /** Has a call of the peer wait for its notes. */
  wait(call: Call): void {
    push(this.#calls, call.name, call);
  }

  /**
   * Takes a note.
   *
   * @returns the call that it is about
   */
  take(note: Exclude<Note, { is: "failed" }>): Call | undefined {
    if (note.is === "called") {
      push(this.#stacks, note.name, note.stack);
      return undefined;
    }
    if (note.is === "gave") return this.#served.get(note.serial);
    const waiting = this.#calls.get(note.name);
    let call = waiting?.shift();
    // A call on a result that failed is answered, but never runs.
    while (call?.answeredAt !== undefined) call = waiting!.shift();
    if (!call) return undefined;
    call.target = note.target;
    this.#served.set(note.serial, call);
    if (this.#served.size > MOST_WAITING) {
      this.#served.delete(this.#served.keys().next().value!);
    }
    return call;
  }
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) {
    list.push(item);
    if (list.length > MOST_WAITING) list.shift();
  } else if (lists.size < MOST_WAITING) lists.set(name, [item]);
}
