import { type EncodingLevel, isAtLeast } from "./encoding-level.ts";
import { overLimit, tooDeep, unknownExpression } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { hasOperands, isScalar } from "./operands.ts";
import { isReachableKey } from "./property-path.ts";
import type { ValueTable } from "./value-table.ts";
import {
  DEFAULT_WEIGHT,
  type DecodeContext,
  type Expression,
  type TaggedExpression,
} from "./value-type.ts";

/**
 * Turns expressions into values.
 *
 * At level `"string"` the expression was parsed for this decoder alone, and containers are decoded
 * in place. At the other levels they are copied.
 */
export abstract class Decoder implements DecodeContext {
  readonly level: EncodingLevel;
  readonly limits: Limits;
  /** How many expressions the one being decoded is nested in. */
  protected depth = 0;
  /**
   * The containers met, where a message isn't made of text: in a structured clone one container can
   * stand in several places, which would let a small message decode to a huge value.
   */
  protected readonly met: Set<object> | undefined;
  /** Whether containers are decoded in place. */
  readonly #inPlace: boolean;
  readonly #maxValues: number;
  readonly #table: ValueTable;
  /** Of how many values there were since the last {@link restart}. */
  #values = 0;

  /**
   * @param refusesShared whether a container in several places is an error, where a message isn't
   *   made of text
   */
  constructor(table: ValueTable, level: EncodingLevel, limits: Limits, refusesShared = true) {
    this.#table = table;
    this.level = level;
    this.limits = limits;
    this.#inPlace = level === "string";
    this.#maxValues = limits.maxValues;
    this.met = this.#inPlace || !refusesShared ? undefined : new Set();
  }

  /** @throws ExpressionError, ProtocolError, LimitError */
  decode(expression: Expression, parent: object, key: PropertyKey): unknown {
    if (isScalar(expression)) return expression;
    if (Array.isArray(expression)) return this.#decodeArray(expression, parent, key);
    if (typeof expression === "object") {
      // A native one, at a level that has these; or an object of another realm, or prototype.
      if (this.level === "string" || isPlain(expression!)) return this.#decodeObject(expression!);
    }
    return this.#acceptNative(expression);
  }

  /** Counts anew: what is decoded next belongs to another message. */
  protected restart(): void {
    this.#values = 0;
  }

  /** @throws LimitError for too many values */
  count(values: number): void {
    this.#values += values;
    if (this.#values > this.#maxValues) this.#tooMany();
  }

  #tooMany(): never {
    const { maxValues } = this.limits;
    throw overLimit("maxValues", `Incoming message has more than ${maxValues} values.`);
  }

  abstract defer(value: Promise<unknown>, parent: object, key: PropertyKey): unknown;

  /** Decodes a list of expressions: what a literal array contains, or a call's arguments. */
  decodeList(list: readonly Expression[]): unknown[] {
    this.#meet(list);
    this.#enter(list.length);
    const { length } = list;
    const target = this.#inPlace ? (list as unknown[]) : new Array<unknown>(length);
    for (let i = 0; i < length; i++) {
      const child = list[i];
      if (isScalar(child) && target === list) continue;
      const value = this.decode(child, target, i);
      // Writing is what costs, and most of what is decoded in place stays as it is.
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
    const inPlace = this.#inPlace;
    const target: Record<string, unknown> = inPlace ? source : {};
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const child = source[key];
      const isReachable = isReachableKey(key);
      if (isReachable && inPlace && isScalar(child)) continue;
      if (isReachable) {
        const value = this.decode(child, target, key);
        // Where an application awaits the object, `await` would call a function.
        if (key === "then" && this.isCallable(value)) {
          if (inPlace) delete target[key];
          continue;
        }
        if (value !== child || !inPlace) target[key] = value;
      } else {
        // Decoded all the same, so that what it refers to is accounted for.
        this.decode(child, {}, key);
        if (inPlace) delete target[key];
      }
    }
    this.depth--;
    return target;
  }

  /** Whether a decoded value is one that can be called. */
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

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
