import type { Program, Report } from "./run.ts";

/** A program for which the two implementations' reports differ. */
export interface Difference {
  readonly program: Program;
  readonly reference: Report;
  readonly ours: Report;
}

/** An intended difference, as an entry of docs/differences.md describes it. */
export interface Exception {
  /** A text of that entry. */
  readonly entry: string;
  /** A program that shows it: operation, kind, place, and the medium, unless it is in memory. */
  readonly example: readonly [string, string, string, string?];
  /** True if only some versions of Node show it. */
  readonly isOfPlatform?: boolean;
  /**
   * Rewrites either side's report to the form that both sides would give without this difference.
   */
  rewrite?(text: string, program: Program): string;
  /** Rewrites both reports together. */
  adjust?(difference: Difference): Difference;
  /** True if the entry explains the difference between the reports. */
  explains?(difference: Difference): boolean;
}

/** Compares reports, and counts the uses of each exception. */
export class Comparison {
  readonly uses = new Map<Exception, number>();
  readonly #exceptions: readonly Exception[];

  constructor(exceptions: readonly Exception[]) {
    this.#exceptions = exceptions;
    for (const each of exceptions) this.uses.set(each, 0);
  }

  /** The names of the parts that differ and that no exception explains. */
  unexplained(difference: Difference): readonly (keyof Report)[] {
    if (differing(difference).length === 0) return [];
    let rewritten: Difference = {
      program: difference.program,
      reference: this.#rewrite(difference.reference, difference.program),
      ours: this.#rewrite(difference.ours, difference.program),
    };
    for (const each of this.#exceptions) {
      const adjusted = each.adjust?.(rewritten) ?? rewritten;
      if (adjusted !== rewritten) this.#count(each);
      rewritten = adjusted;
    }
    const left = differing(rewritten);
    if (left.length === 0) return [];
    const explanation = this.#exceptions.find((each) => each.explains?.(rewritten));
    if (explanation === undefined) return left;
    this.#count(explanation);
    return [];
  }

  #rewrite(report: Report, program: Program): Report {
    const used = new Set<Exception>();
    const text = (each: string) => {
      let result = each;
      for (const exception of this.#exceptions) {
        const before = result;
        result = exception.rewrite?.(before, program) ?? before;
        if (result !== before) used.add(exception);
      }
      return result;
    };
    const rewritten = Object.fromEntries(
      Object.entries(report).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(text).filter((each) => each !== "") : text(value),
      ]),
    );
    for (const each of used) this.#count(each);
    return rewritten as unknown as Report;
  }

  #count(exception: Exception): void {
    this.uses.set(exception, this.uses.get(exception)! + 1);
  }
}

function differing({ reference, ours }: Difference): (keyof Report)[] {
  const keys = Object.keys(reference) as (keyof Report)[];
  return keys.filter((key) => String(reference[key]) !== String(ours[key]));
}

/** A report as one text. */
export function textOf(report: Report): string {
  return Object.values(report).flat().join("\n");
}

/** True if reports are the same apart from the parts in `fields`. */
export function sameBut(
  { reference, ours }: Difference,
  fields: readonly (keyof Report)[],
): boolean {
  return (Object.keys(reference) as (keyof Report)[]).every(
    (key) => fields.includes(key) || String(reference[key]) === String(ours[key]),
  );
}
