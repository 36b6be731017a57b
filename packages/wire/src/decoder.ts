import { isPlainNode } from "./containers.ts";
import type { DocumentContext } from "./documents/document-context.ts";
import { type EncodingLevel, isAtLeast } from "./encoding-level.ts";
import { overLimit, tooDeep, unknownExpression } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { objectFor } from "./objects.ts";
import { hasOperands, isScalar } from "./operands.ts";
import { isReachableKey } from "./property-path.ts";
import { Slot } from "./slot.ts";
import type { ValueTable } from "./value-table.ts";
import {
  DEFAULT_WEIGHT,
  type Expression,
  PART_WEIGHT,
  type TaggedExpression,
} from "./value-type.ts";

/**
 * Turns expressions into values.
 *
 * At level `"string"` the expression was parsed for this decoder alone, and containers are decoded
 * in place. At the other levels they are copied.
 */
export abstract class Decoder implements DocumentContext {
  /** The level of the expressions. */
  readonly level: EncodingLevel;
  /** The limits of what is decoded. */
  readonly limits: Limits;
  /** The number of expressions around the one being decoded. */
  protected depth = 0;
  /**
   * The containers met so far, if a message isn't text. In a structured clone, one container can
   * stand in several places, and a small message could decode to a huge value.
   */
  protected readonly met: Set<object> | undefined;
  /** True if decoded values replace their expressions, as they may if those came from text. */
  readonly #inPlace: boolean;
  readonly #maxValues: number;
  readonly #table: ValueTable;
  /** The values counted since the last {@link restart}. */
  #values = 0;

  /**
   * @param refusesShared whether a container in several places is an error. Text has none
   */
  constructor(table: ValueTable, level: EncodingLevel, limits: Limits, refusesShared = true) {
    this.#table = table;
    this.level = level;
    this.limits = limits;
    this.#inPlace = level === "string";
    this.#maxValues = limits.maxValues;
    this.met = this.#inPlace || !refusesShared ? undefined : new Set();
  }

  /**
   * Decodes an expression.
   *
   * @param parent the container that gets the value, under `key`
   * @throws ExpressionError for an expression that the protocol doesn't know
   * @throws ProtocolError for one that is malformed, or refers to something that isn't there
   * @throws LimitError for one that goes over a limit
   */
  decode(expression: Expression, parent: object, key: PropertyKey): unknown {
    if (isScalar(expression)) return expression;
    if (Array.isArray(expression)) return this.#decodeArray(expression, parent, key);
    if (typeof expression === "object") {
      // Anything else is a native value, or an object of another realm or prototype.
      if (this.level === "string" || isPlainNode(expression!)) {
        return this.#decodeObject(expression!);
      }
    }
    return this.#acceptNative(expression);
  }

  part(expression: Expression, place: (value: unknown) => void): void {
    this.count(PART_WEIGHT);
    place(this.decode(expression, new Slot(place), "value"));
  }

  /** Sets the count to 0, for the next message. */
  protected restart(): void {
    this.#values = 0;
  }

  /**
   * Counts values.
   *
   * @throws LimitError for more than `limits.maxValues` in a message
   */
  count(values: number): void {
    this.#values += values;
    // A number that an application's decoder makes of a peer's operands may be any, even NaN.
    if (!(values >= 0 && this.#values <= this.#maxValues)) this.#tooMany();
  }

  #tooMany(): never {
    throw overLimit(this.limits, "maxValues");
  }

  abstract defer(value: Promise<unknown>, parent: object, key: PropertyKey): unknown;

  /** Decodes a list of expressions: the elements of a literal array, or the arguments of a call. */
  decodeList(list: readonly Expression[]): unknown[] {
    this.#meet(list);
    this.#enter(list.length);
    const { length } = list;
    const target = this.#inPlace ? (list as unknown[]) : new Array<unknown>(length);
    for (let i = 0; i < length; i++) {
      const child = list[i];
      if (isScalar(child) && target === list) continue;
      const value = this.decode(child, target, i);
      // Writing costs most, and most elements that are decoded in place stay the same.
      if (value !== child || target !== list) target[i] = value;
    }
    this.depth--;
    return target;
  }

  #decodeArray(expression: readonly unknown[], parent: object, key: PropertyKey): unknown {
    const tag = expression[0];
    if (typeof tag !== "string") {
      if (expression.length !== 1 || !Array.isArray(tag)) throw unknownExpression(expression);
      this.#meet(expression);
      return this.decodeList(tag);
    }
    const type = this.#table.byTag(tag);
    if (!type || !hasOperands(expression, type.operands)) {
      throw unknownExpression(expression);
    }
    if (this.depth >= this.limits.maxDepth) throw tooDeep(this.limits.maxDepth);
    this.#meet(expression);
    this.count(type.weight ?? DEFAULT_WEIGHT);
    this.depth++;
    const value = type.decode(expression as unknown as TaggedExpression, this, parent, key);
    this.depth--;
    return value;
  }

  #decodeObject(expression: object): object {
    const source = expression as Record<string, Expression>;
    const keys = Object.keys(source);
    this.#meet(source);
    this.#enter(keys.length);
    // An object that a member was deleted from takes seven times as much memory.
    const inPlace = this.#inPlace && keepsAll(source, keys);
    const target: Record<string, unknown> = inPlace ? source : objectFor(keys);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const child = source[key];
      if (inPlace && isScalar(child)) continue;
      if (inPlace || isReachableKey(key)) this.#decodeMember(child, target, key, inPlace);
      else this.decodeDropped(child, key);
    }
    this.depth--;
    return target;
  }

  #decodeMember(
    child: Expression,
    target: Record<string, unknown>,
    key: string,
    inPlace: boolean,
  ): void {
    const value = this.decode(child, target, key);
    // If an application awaits the object, `await` would call a function.
    if (key === "then" && this.isCallable(value)) {
      if (inPlace) delete target[key];
    } else if (value !== child || !inPlace) target[key] = value;
  }

  records(rows: number, members: number): void {
    if (rows > 0 && this.depth + 1 >= this.limits.maxDepth) throw tooDeep(this.limits.maxDepth);
    this.count(2 * rows + members);
  }

  cell(record: Record<string, unknown>, key: string): void {
    this.depth++;
    this.#decodeMember(record[key], record, key, true);
    this.depth--;
  }

  dropped(expression: Expression, key: string, isColumn = false): unknown {
    const levels = isColumn ? 0 : 1;
    this.depth += levels;
    const value = this.decodeDropped(expression, key);
    this.depth -= levels;
    return value;
  }

  get around(): number {
    return this.depth;
  }

  /** Decodes a member that is dropped, so that references in it are counted and released. */
  protected decodeDropped(expression: Expression, key: string): unknown {
    return this.decode(expression, {}, key);
  }

  /** True if a decoded value can be called. */
  protected isCallable(value: unknown): boolean {
    return typeof value === "function";
  }

  #acceptNative(value: unknown): unknown {
    const type = this.#table.find(value);
    if (!type?.nativeFrom || !isAtLeast(this.level, type.nativeFrom)) {
      throw unknownExpression(value);
    }
    type.checkNative?.(value, this.limits);
    return value;
  }

  #enter(children: number): void {
    if (++this.depth >= this.limits.maxDepth && children > 0) {
      throw tooDeep(this.limits.maxDepth);
    }
    this.count(children + 1);
  }

  #meet(container: object): void {
    if (!this.met) return;
    if (this.met.has(container)) throw unknownExpression("a shared container");
    this.met.add(container);
  }
}

/** True if an object can be decoded in place, because none of its members is dropped. */
function keepsAll(source: Readonly<Record<string, Expression>>, keys: readonly string[]): boolean {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (!isReachableKey(key) || (key === "then" && !isScalar(source[key]))) return false;
  }
  return true;
}
