import { CODE_UNITS_PER_STEP } from "../value-type.ts";

/** The steps of scans in vain after which no further value is scanned. */
const MOST_IN_VAIN = 10_000;

/** The result of a {@link PlainScan}. */
export type Scanned = "plain" | "plain with lists" | "other";

/**
 * Finds out whether a value is plain JSON: whether its JSON text says all of it. That takes a third
 * of the time of encoding, because nothing is made.
 */
export class PlainScan {
  /** The steps of the last scan: those that an encoder counts for the same values. */
  steps = 0;
  #hasLists = false;
  /** The steps of scans since the last {@link restart} that found no plain JSON. */
  #inVain = 0;
  #leastRecords = Infinity;
  #mostSteps = Infinity;

  /** Prepares for another value. */
  restart(): void {
    this.#inVain = 0;
  }

  /**
   * Scans a list or a plain object, unless scans of the values around it have taken long in vain.
   *
   * @param levels the levels of nesting that are left
   * @param leastRecords the length from which a list of records is tried as a table first, so that
   *   a value around it doesn't count as plain
   * @param mostSteps the steps after which the scan ends in vain. A value in which a part stands
   *   in several places may have far more than its memory suggests
   */
  scan(container: object, levels: number, leastRecords: number, mostSteps: number): Scanned {
    this.steps = 0;
    if (this.#inVain > MOST_IN_VAIN) return "other";
    this.#leastRecords = leastRecords;
    this.#mostSteps = mostSteps;
    this.#hasLists = false;
    const isPlain = Array.isArray(container)
      ? this.#isPlainList(container, levels)
      : this.#isPlainRecord(container as Readonly<Record<string, unknown>>, levels);
    if (!isPlain) {
      this.#inVain += this.steps;
      return "other";
    }
    return this.#hasLists ? "plain with lists" : "plain";
  }

  #isPlainContainer(container: object, levels: number): boolean {
    // Also ends the search in a value that contains itself.
    if (levels < 1 || this.steps > this.#mostSteps) return false;
    if (!Array.isArray(container)) {
      if (Object.getPrototypeOf(container) !== Object.prototype) return false;
      return this.#isPlainRecord(container as Readonly<Record<string, unknown>>, levels);
    }
    if (container.length >= this.#leastRecords && isRecord(container[0])) return false;
    return this.#isPlainList(container, levels);
  }

  #isPlainList(list: readonly unknown[], levels: number): boolean {
    if (Object.getPrototypeOf(list) !== Array.prototype || "toJSON" in list) return false;
    const { length } = list;
    this.#hasLists = true;
    this.steps += length + 1;
    if (levels <= 1 && length > 0) return false;
    for (let i = 0; i < length; i++) {
      if (!this.#isPlain(list[i], levels)) return false;
    }
    return true;
  }

  #isPlainRecord(record: Readonly<Record<string, unknown>>, levels: number): boolean {
    let members = 0;
    for (const key in record) {
      members++;
      if (key.length > CODE_UNITS_PER_STEP) this.steps += stepsOfLong(key);
      if (!this.#isPlain(record[key], levels)) return false;
      // Every receiver drops such a member, so it isn't sent.
      if (key === "__proto__") return false;
    }
    this.steps += members + 1;
    return members === 0 || levels > 1;
  }

  #isPlain(value: unknown, levels: number): boolean {
    switch (typeof value) {
      case "string":
        if (value.length > CODE_UNITS_PER_STEP) this.steps += stepsOfLong(value);
        return true;
      case "number":
        return Number.isFinite(value);
      case "boolean":
        return true;
      case "object":
        return value === null || this.#isPlainContainer(value, levels - 1);
      default:
        return false;
    }
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const stepsOfLong = (text: string): number => Math.floor(text.length / CODE_UNITS_PER_STEP);
