import { tooDeep, unknownExpression } from "../errors.ts";
import { objectFor } from "../objects.ts";
import { isReachableKey } from "../property-path.ts";
import type { DocumentContext } from "./document-context.ts";

/** Plain JSON that was received in a document. */
export interface ReceivedDocument<T extends object> {
  /** Without the members that every receiver drops. Usually the very tree that was received. */
  readonly tree: T;
  /** The number of values, as {@link Decoder} counts them. */
  readonly values: number;
}

/**
 * Checks plain JSON in a document, and drops the members that every receiver drops.
 *
 * @param isColumn whether it is a column of a table, and not a whole expression
 * @throws LimitError for nesting of `maxDepth` levels
 * @throws ExpressionError for a number that is too large for JSON
 */
export function receiveDocument<T extends object>(
  tree: T,
  cx: DocumentContext,
  isColumn = false,
): ReceivedDocument<T> {
  const receiver = new Receiver(cx.limits.maxDepth);
  const received = receiver.receive(tree, cx.around - (isColumn ? 0 : 1)) as T;
  return { tree: received, values: receiver.values };
}

class Receiver {
  values = 0;
  readonly #maxDepth: number;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /**
   * @param tree a list or an object that `JSON.parse` made
   * @param depth the number of values around it
   */
  receive(tree: object, depth: number): object {
    const within = depth + 1;
    if (within >= this.#maxDepth && !isEmpty(tree)) throw tooDeep(this.#maxDepth);
    this.values++;
    if (Array.isArray(tree)) {
      this.#receiveList(tree, within);
      return tree;
    }
    return this.#receiveRecord(tree as Record<string, unknown>, within);
  }

  #receiveList(list: unknown[], within: number): void {
    this.values += list.length;
    for (let i = 0; i < list.length; i++) {
      const value = list[i];
      if (typeof value === "object" && value !== null) {
        const received = this.receive(value, within);
        if (received !== value) list[i] = received;
      } else if (typeof value === "number") checkNumber(value);
    }
  }

  #receiveRecord(record: Record<string, unknown>, within: number): object {
    let keepsAll = true;
    for (const key in record) {
      const value = record[key];
      this.values++;
      if (typeof value === "object" && value !== null) {
        const received = this.receive(value, within);
        if (received !== value) record[key] = received;
      } else if (typeof value === "number") checkNumber(value);
      if (!isReachableKey(key)) keepsAll = false;
    }
    return keepsAll ? record : reachableOf(record);
  }
}

/** A copy, because an object that a member was deleted from takes seven times as much memory. */
function reachableOf(record: Readonly<Record<string, unknown>>): object {
  const keys = Object.keys(record).filter(isReachableKey);
  const copy = objectFor(keys);
  for (const key of keys) copy[key] = record[key];
  return copy;
}

/** `JSON.parse` makes `Infinity` of a number that no double holds. */
function checkNumber(value: number): void {
  if (value - value !== 0) throw unknownExpression(value);
}

function isEmpty(tree: object): boolean {
  for (const _key in tree) return false;
  return true;
}
