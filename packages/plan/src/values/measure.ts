import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/core";
import { keysOf } from "./keys.ts";
import { isContainer, isReference } from "./kinds.ts";
import { type Meter, Visits } from "./meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES, sizeOfLeaf, textBytes } from "./sizes.ts";
import { begin, type Unfinished, type Work } from "./work.ts";

/**
 * Counts the bytes of a value, as a tree: a part that stands in it twice counts twice.
 *
 * @returns whether the value holds capabilities or streams
 * @throws LimitError for too many bytes
 * @throws DepthError for a value that is nested too deep, or contains itself
 */
export function measure(value: unknown, meter: Meter): boolean | Unfinished<boolean> {
  if (typeof value === "object" && hasParts(value)) return begin(measuring(value, meter));
  meter.make(sizeOfLeaf(value));
  return isReference(value);
}

/** Does the same as {@link measure}, as a part of other work. */
export function* measuring(value: unknown, meter: Meter): Work<boolean> {
  const visits = new Visits(meter);
  const open: Parts[] = [];
  let hasReferences = false;
  for (let part = value; ; ) {
    if (hasParts(part)) {
      if (open.length === DEFAULT_MAX_DEPTH) throw new DepthError();
      open.push(new Parts(part instanceof Error ? errorParts(part) : part, meter));
    } else if (isReference(part)) hasReferences = true;
    meter.make(isContainer(part) ? CONTAINER_BYTES : sizeOfLeaf(part));
    while (open.length > 0 && open.at(-1)!.isOver) open.pop();
    const container = open.at(-1);
    if (!container) break;
    part = container.next(meter);
    if (visits.add()) yield;
  }
  visits.end();
  return hasReferences;
}

const hasParts = (value: unknown): value is object => isContainer(value) || value instanceof Error;

function errorParts(error: Error): object {
  return { message: error.message, cause: error.cause, own: { ...error } };
}

/** The parts of a container that are still to be measured. */
class Parts {
  readonly #container: Readonly<Record<string | number, unknown>>;
  /** The keys of an object, which count as well; `undefined` for lists. */
  readonly #keys: readonly string[] | undefined;
  readonly #length: number;
  #at = 0;

  constructor(container: object, meter: Meter) {
    this.#container = container as Readonly<Record<string | number, unknown>>;
    this.#keys = Array.isArray(container) ? undefined : keysOf(container, meter);
    this.#length = (this.#keys ?? (container as readonly unknown[])).length;
  }

  get isOver(): boolean {
    return this.#at === this.#length;
  }

  next(meter: Meter): unknown {
    const at = this.#at++;
    const key = this.#keys?.[at];
    meter.make(MEMBER_BYTES + (key === undefined ? 0 : MEMBER_BYTES + textBytes(key.length)));
    return this.#container[key ?? at];
  }
}
