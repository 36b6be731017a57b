import { collectGarbage } from "./run-sequence.ts";
import type { Fault } from "./sequence.ts";

/** Sequences between two checks of the memory. */
export const MEMORY_CHECK = 2_000;

/** Bytes by which the heap may grow after the worker is warm. */
const ALLOWED = 48e6;

/** Finds sessions that are held after their end, and memory that accumulates. */
export class Memory {
  readonly #watched: [index: number, remains: WeakRef<object>][] = [];
  #checks = 0;
  #baseline = 0;

  watch(index: number, remains: WeakRef<object>): void {
    if (index % 10 === 0) this.#watched.push([index, remains]);
  }

  /** @returns the faults, with the numbers of their sequences */
  async check(index: number): Promise<[Fault, number][]> {
    await collectGarbage();
    const faults: [Fault, number][] = [];
    // The last sequences may still have work under way.
    for (const [of, remains] of this.#watched.splice(0)) {
      if (of < index - 20 && remains.deref()) {
        faults.push([{ kind: "the session is held after its end", detail: "" }, of]);
      }
    }
    const { heapUsed, external } = process.memoryUsage();
    this.#checks++;
    // The first rounds include the memory of compiled code.
    if (this.#checks <= 2) this.#baseline = heapUsed + external;
    const growth = heapUsed + external - this.#baseline;
    if (growth > ALLOWED) {
      const detail = `${(growth / 1e6).toFixed()} MB more after sequence ${index}`;
      faults.push([{ kind: "memory adds up", detail }, index]);
      this.#baseline = heapUsed + external;
    }
    return faults;
  }
}
