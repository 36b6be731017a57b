import { PlanError } from "../errors.ts";
import { isIndex, isKey, isName, LONGEST_PATH } from "../shape/names.ts";

/** The error for a plan that breaks a rule of the shape. */
export function invalid(place: string, problem: string): PlanError {
  return new PlanError("PLAN_INVALID", `The plan is invalid: ${place} ${problem}.`, { place });
}

/** A record of the shape: an object that has certain keys and no others. */
export class Fields {
  readonly place: string;
  readonly #object: Readonly<Record<string, unknown>>;

  /**
   * @throws PlanError for a value that isn't an object with all of the keys, and at most the
   *   optional ones besides
   */
  constructor(
    value: unknown,
    place: string,
    required: readonly string[],
    optional: readonly string[] = [],
  ) {
    this.place = place;
    this.#object = asObject(value, place);
    for (const key of required) {
      if (!Object.hasOwn(this.#object, key)) throw invalid(place, `lacks "${key}"`);
    }
    for (const key of Object.keys(this.#object)) {
      if (!required.includes(key) && !optional.includes(key)) {
        throw invalid(place, `has the unknown key ${quoted(key)}`);
      }
    }
  }

  at(key: string): string {
    return `${this.place}.${key}`;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#object, key) && this.#object[key] !== undefined;
  }

  value(key: string): unknown {
    return this.#object[key];
  }

  list(key: string): readonly unknown[] {
    return asList(this.#object[key], this.at(key));
  }

  /** A member that is an object with any keys. */
  object(key: string): Readonly<Record<string, unknown>> {
    return asObject(this.#object[key], this.at(key));
  }

  /** A number of a step or capture. */
  index(key: string): number {
    const value = this.#object[key];
    if (isIndex(value)) return value;
    throw invalid(this.at(key), "must be a whole number, 0 or more");
  }

  /** The name of a variable. */
  name(key: string): string {
    const value = this.#object[key];
    if (isName(value)) return value;
    throw invalid(this.at(key), "must be a name of letters, digits, _ and $");
  }

  path(key: string): readonly (string | number)[] {
    const place = this.at(key);
    const parts = this.list(key);
    if (parts.length > LONGEST_PATH) {
      throw invalid(place, `must have at most ${LONGEST_PATH} parts`);
    }
    return parts.map((part, i) => {
      if (isKey(part) || isIndex(part)) return part;
      throw invalid(`${place}[${i}]`, "must be a name that can be reached, or an index");
    });
  }
}

export function asList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(place, "must be a list");
}

export function asObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw invalid(place, "must be an object");
}

/** The only key of an object. */
export function onlyKey(value: unknown, place: string): string {
  const keys = Object.keys(asObject(value, place));
  if (keys.length === 1) return keys[0]!;
  throw invalid(place, "must have exactly one key");
}

/** A text from the plan, for messages. */
export function quoted(text: string): string {
  const LONGEST = 40;
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
