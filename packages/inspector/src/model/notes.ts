import type { Note } from "../recording/entry.ts";
import type { Call } from "./records.ts";
import type { QuickCall } from "./tables.ts";

/** Most notes that wait for their call, or calls for their notes, of one name, and most names. */
const MOST_WAITING = 64;

/** A call that notes are about. */
export type NotedCall = Call | QuickCall;

/** A call that runs, and the serial number of its notes. */
interface Served {
  readonly serial: number;
  readonly call: NotedCall;
}

/**
 * Finds the calls that the notes of the recording process are about. Messages and notes have no
 * number in common, but calls of one name leave and run in the order of their messages.
 */
export class Notes {
  /** Stacks of calls whose messages haven't left, by name. */
  readonly #stacks = new Map<string, string[]>();
  /** Calls that haven't begun to run, by name. */
  readonly #calls = new Map<string, NotedCall[]>();
  /** The calls that began to run last, in circular order. */
  readonly #served: Served[] = [];
  #begun = 0;

  /** Returns the stack of a call that this process makes. */
  stackOf(name: string): string | undefined {
    return this.#stacks.get(name)?.shift();
  }

  /** Has a call of the peer wait for its notes. */
  wait(name: string, call: NotedCall): void {
    push(this.#calls, name, call);
  }

  /**
   * Takes a note.
   *
   * @returns the call that it is about
   */
  take(note: Exclude<Note, { is: "failed" }>): NotedCall | undefined {
    if (note.is === "called") {
      push(this.#stacks, note.name, note.stack);
      return undefined;
    }
    if (note.is === "gave") {
      const served = this.#served.find(({ serial }) => serial === note.serial);
      return served && latest(served.call);
    }
    const waiting = this.#calls.get(note.name);
    let call = next(waiting);
    // A call on a result that failed is answered, but never runs.
    while (call?.answeredAt !== undefined) call = next(waiting);
    if (!call) return undefined;
    call.target = note.target;
    this.#served[this.#begun++ % MOST_WAITING] = { serial: note.serial, call };
    return call;
  }
}

function next(waiting: NotedCall[] | undefined): NotedCall | undefined {
  const call = waiting?.shift();
  return call && latest(call);
}

/** A call in full, if its message was read. */
function latest(call: NotedCall): NotedCall {
  return "is" in call ? (call.full ?? call) : call;
}

function push<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) {
    list.push(item);
    if (list.length > MOST_WAITING) list.shift();
  } else if (lists.size < MOST_WAITING) lists.set(name, [item]);
}
