import { contentsOf } from "./contents.ts";
import type { Call, Capability, Waste } from "./records.ts";

/**
 * Milliseconds after an answer in which a call that uses it counts as one that could have left with
 * the call before. A person who reads an answer takes longer.
 */
export const WASTE_WITHIN = 250;

/** Most answers of one side that are remembered. */
const MOST_ANSWERS = 64;
/** Most values of an answer that are remembered. */
const MOST_VALUES = 32;

interface RecentAnswer {
  readonly call: Call;
  readonly values: ReadonlySet<string | number>;
}

/**
 * Finds calls that waited for an answer although they could have been pipelined: the first use of a
 * capability in it, or a value of it as an argument.
 */
export class WasteFinder {
  #answers: RecentAnswer[] = [];

  /** Notes the answer to a call. */
  answered(call: Call, value: unknown): void {
    const values = new Set(valuesOf(value));
    if (values.size === 0) return;
    this.#answers.push({ call, values });
    if (this.#answers.length > MOST_ANSWERS) this.#answers.shift();
  }

  /**
   * Finds the answer that a new call waited for.
   *
   * @param used the capabilities that it uses
   */
  find(
    trip: number,
    at: number,
    used: readonly Capability[],
    args: readonly unknown[],
  ): Waste | undefined {
    for (const { from, how, uses } of used) {
      if (from?.answeredAt === undefined || how !== "answer" || uses > 1) continue;
      const gap = at - from.answeredAt;
      if (gap <= WASTE_WITHIN && from.trip < trip) return { of: from, gap, uses: "capability" };
    }
    if (args.length === 0 || this.#answers.length === 0) return undefined;
    const given = valuesOf([args]);
    if (given.length === 0) return undefined;
    for (let i = this.#answers.length - 1; i >= 0; i--) {
      const { call, values } = this.#answers[i]!;
      const gap = at - call.answeredAt!;
      if (gap > WASTE_WITHIN) break;
      if (call.trip === trip - 1 && given.some((each) => values.has(each))) {
        return { of: call, gap, uses: "value" };
      }
    }
    return undefined;
  }
}

/** Values in an expression that are hardly equal by chance: ids and the like. */
function valuesOf(root: unknown): (string | number)[] {
  const found: (string | number)[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (found.length >= MOST_VALUES || depth > 3) return;
    const contents = contentsOf(value);
    if (contents.kind === "scalar") {
      if (isTelling(contents.value)) found.push(contents.value);
    } else if (contents.kind === "list") {
      for (const each of firstOf(contents.items)) visit(each, depth + 1);
    } else if (contents.kind === "object") {
      for (const [, each] of firstOf(contents.members)) visit(each, depth + 1);
    }
  };
  visit(root, 0);
  return found;
}

/** True for an id or the like. Small numbers and short texts are often equal by chance. */
function isTelling(value: unknown): value is string | number {
  if (typeof value === "string") return value.length >= 3 && value.length <= 200;
  return typeof value === "number" && Math.abs(value) >= 100;
}

function* firstOf<T>(items: Iterable<T>): Iterable<T> {
  let left = MOST_VALUES;
  for (const each of items) {
    if (left-- <= 0) return;
    yield each;
  }
}
