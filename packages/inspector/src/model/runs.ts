import { enter, newQuickCall, type SideTables } from "./tables.ts";
import { copied } from "./text.ts";

/** Most runs of a side, which are searched one by one. */
const MOST_RUNS = 64;

/** Calls of one frame, with ids one after the other, that nothing has looked at yet. */
interface Run {
  /** The place of the messages, one in each line. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly trip: number;
  readonly at: number;
  readonly count: number;
  /** The number of calls that were answered in order, and whether each was answered otherwise. */
  inOrder: number;
  others: Set<number> | undefined;
}

/**
 * Streamed calls of a side that have no record yet. Most calls are answered soon, and need none.
 * Their messages stay where they are: {@link Runs.settle} must be called before the bytes change.
 */
export class Runs {
  readonly #runs: Run[] = [];

  /** True if there is no call. */
  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** Adds the calls of a frame. */
  add(
    from: SideTables,
    bytes: Uint8Array,
    start: number,
    end: number,
    count: number,
    at: number,
  ): void {
    if (this.#runs.length >= MOST_RUNS) this.settle(from);
    if (from.isTripAnswered) {
      from.trip++;
      from.isTripAnswered = false;
    }
    const first = from.next + 1;
    from.next += count;
    const { trip } = from;
    const run = { bytes, start, end, first, count, trip, at, inOrder: 0, others: undefined };
    this.#runs.push(run);
  }

  /** Notes the answer to a call. Returns false if the call isn't here. */
  answer(from: SideTables, id: number): boolean {
    const runs = this.#runs;
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i]!;
      const index = id - run.first;
      if (index < 0 || index >= run.count) continue;
      if (index === run.inOrder) run.inOrder++;
      else if (index < run.inOrder || run.others?.has(index)) return false;
      else {
        run.others ??= new Set();
        run.others.add(index);
      }
      while (run.others?.delete(run.inOrder)) run.inOrder++;
      if (run.trip === from.trip) from.isTripAnswered = true;
      if (run.inOrder === run.count) {
        // The last place stays, because a list that becomes empty gives up its memory.
        if (i === runs.length - 1) runs.pop();
        else runs.splice(i, 1);
      }
      return true;
    }
    return false;
  }

  /** Makes records of the calls that weren't answered. */
  settle(from: SideTables): void {
    for (const { bytes, start, end, first, trip, at, count, inOrder, others } of this.#runs) {
      if (inOrder === count) continue;
      const messages = new TextDecoder().decode(bytes.subarray(start, end)).split("\n");
      for (let i = inOrder; i < count; i++) {
        if (others?.has(i)) continue;
        const call = newQuickCall(first + i, copied(messages[i]!), trip, true, at);
        enter(from.results, call.id, call);
      }
    }
    this.#runs.length = 0;
  }
}
