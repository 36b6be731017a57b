import { type Column, columnsOf, GAP } from "./documents/columns.ts";
import { type Documents, isEnumerationPolluted } from "./documents/documents.ts";
import { MOST_TABLES } from "./documents/nesting.ts";
import { PlainScan } from "./documents/plain-scan.ts";
import { type EncodingLevel, isAtLeast } from "./encoding-level.ts";
import { DepthError, isInstance, LimitError } from "./errors.ts";
import { DEFAULT_MAX_DEPTH } from "./limits.ts";
import { copyOf } from "./objects.ts";
import { isScalar } from "./operands.ts";
import { cannotEncode } from "./unencodable.ts";
import type { ValueTable } from "./value-table.ts";
import {
  CODE_UNITS_PER_STEP,
  DEFAULT_WEIGHT,
  type EncodeContext,
  type Expression,
} from "./value-type.ts";

/** Shorter lists of records take more time as a table than as plain JSON. */
const LEAST_RECORDS = 16;

/** The counter of the steps that encoding takes. */
export interface Meter {
  /**
   * Counts steps.
   *
   * @throws LimitError for too many
   */
  countEncoding(steps: number): void;
}

/** The options of an {@link Encoder}; {@link EncodeContext} describes them. */
export interface EncoderOptions {
  /** See {@link EncodeContext.onSendError}. */
  readonly onSendError?: EncodeContext["onSendError"];
  /** See {@link EncodeContext.errorProperties}. */
  readonly errorProperties?: EncodeContext["errorProperties"];
  /** The documents that the receiver knows, at level `"string"`. Default: none. */
  readonly documents?: Documents | undefined;
}

/**
 * Turns values into expressions.
 *
 * At level `"string"` a plain object whose properties stand for themselves is its own expression.
 * Stringify the result before the application's code can change the value. At the other levels
 * every container in the result is new.
 *
 * @example
 * ```ts
 * const encoder = new Encoder(createValueTable([...valueTypes, ...capabilities]), "string");
 * encoder.encode([new Date(0)]); // [[["date", 0]]]
 * ```
 */
export class Encoder implements EncodeContext {
  /** The level of the expressions. */
  readonly level: EncodingLevel;
  /** See {@link EncodeContext.onSendError}. */
  readonly onSendError: EncodeContext["onSendError"];
  /** See {@link EncodeContext.errorProperties}. */
  readonly errorProperties: EncodeContext["errorProperties"];
  /** The number of values around the one being encoded. */
  protected depth = 0;
  /** The counter of steps. Without one, encoding is free. */
  protected meter: Meter | undefined;
  /**
   * The documents that the receiver knows. None if code of the application has put members into
   * every object.
   */
  #documents: Documents | undefined;
  readonly #scan = new PlainScan();
  /** The tables around the value that is being encoded. */
  #tables = 0;
  readonly #table: ValueTable;
  readonly #mayShare: boolean;

  constructor(table: ValueTable, level: EncodingLevel, options: EncoderOptions = {}) {
    this.level = level;
    this.onSendError = options.onSendError;
    this.errorProperties = options.errorProperties;
    this.#table = table;
    this.#mayShare = level === "string";
    this.useDocuments(options.documents);
  }

  /** Sets the documents that the receiver of the next value knows. */
  protected useDocuments(documents: Documents | undefined): void {
    this.#scan.restart();
    this.#tables = 0;
    this.#documents = this.#mayShare && !isEnumerationPolluted() ? documents : undefined;
  }

  /**
   * Encodes a value.
   *
   * @throws EncodeError for a value that can't travel
   * @throws DepthError for one that is nested too deep, or contains itself
   */
  encode(value: unknown): Expression {
    if (typeof value === "string") this.measure(value.length);
    if (isScalar(value)) return value;
    if (typeof value === "object") {
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === Object.prototype) {
        return (this.#documents && this.#plainOf(value!)) ?? this.#encodeObject(value!);
      }
      if (prototype === Array.prototype && Array.isArray(value)) {
        return (this.#documents && this.#encodeDocument(value)) ?? [this.encodeList(value)];
      }
    }
    return this.#encodeOther(value);
  }

  /** Encodes a list: the elements of a literal array, or the arguments of a call. */
  encodeList(list: readonly unknown[]): readonly Expression[] {
    const { length } = list;
    this.#enter(length);
    let copy = this.#mayShare && !("toJSON" in list) ? undefined : list.slice();
    for (let i = 0; i < length; i++) {
      const value = list[i];
      if (typeof value === "string") {
        if (value.length > CODE_UNITS_PER_STEP) this.measure(value.length);
        continue;
      }
      if (isScalar(value)) continue;
      const encoded = this.encode(value);
      if (encoded === value && typeof value !== "undefined") continue;
      copy ??= list.slice();
      copy[i] = encoded;
    }
    this.depth--;
    return copy ?? list;
  }

  measure(length: number): void {
    if (length > CODE_UNITS_PER_STEP)
      this.meter?.countEncoding(Math.floor(length / CODE_UNITS_PER_STEP));
  }

  attempt(value: unknown, take: (expression: Expression) => void): boolean {
    const { depth } = this;
    try {
      take(this.encode(value));
      return true;
    } catch (error) {
      if (this.endsAttempt(error)) throw error;
      this.depth = depth;
      return false;
    }
  }

  /**
   * True if an error ends more than an {@link attempt}. The value of an attempt may throw anything.
   */
  protected endsAttempt(error: unknown): boolean {
    return isInstance(error, LimitError);
  }

  /** Encodes a list as a document, if it is one and that is worth it. */
  #encodeDocument(list: readonly unknown[]): Expression | undefined {
    // Lists of scalars are as short when they are wrapped.
    if (typeof list[0] !== "object" || list[0] === null) return undefined;
    if (this.#documents!.table && list.length >= LEAST_RECORDS && this.#tables < MOST_TABLES) {
      const columns = columnsOf(list);
      if (columns) return ["table", this.#encodeColumns(columns, list.length)];
    }
    return this.#plainOf(list);
  }

  /** The expression of plain JSON. `undefined` for anything else. */
  #plainOf(container: object): Expression | undefined {
    const { json, table } = this.#documents!;
    if (!json) return undefined;
    const levels = DEFAULT_MAX_DEPTH - this.depth;
    const found = this.#scan.scan(container, levels, table ? LEAST_RECORDS : Infinity);
    if (found !== "other") this.meter?.countEncoding(this.#scan.steps);
    if (found === "plain with lists") return ["json", container];
    // An object without lists stands for itself.
    return found === "plain" ? container : undefined;
  }

  /** A column takes the place of the records in the depth of its cells. */
  #encodeColumns(columns: readonly Column[], rows: number): Readonly<Record<string, Expression>> {
    const encoded: Record<string, Expression> = {};
    this.#enter(rows);
    this.#tables++;
    for (const { key, cells, hasGaps } of columns) {
      if (key.length > CODE_UNITS_PER_STEP) this.measure(key.length);
      encoded[key] = hasGaps ? [this.#encodeGapped(cells)] : this.encode(cells);
    }
    this.#tables--;
    this.depth--;
    return encoded;
  }

  #encodeGapped(cells: readonly unknown[]): readonly Expression[] {
    this.#enter(cells.length);
    const encoded = cells.map((cell) => (cell === GAP ? [] : this.encode(cell)));
    this.depth--;
    return encoded;
  }

  #encodeObject(object: object): Expression {
    const source = object as Readonly<Record<string, unknown>>;
    const keys = Object.keys(source);
    this.#enter(keys.length);
    let copy: Record<string, Expression> | undefined = this.#mayShare
      ? undefined
      : copyOf(source, keys);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const value = source[key];
      // Every receiver drops it.
      const isDropped = key === "__proto__";
      if (key.length > CODE_UNITS_PER_STEP) this.measure(key.length);
      if (typeof value === "string" && value.length > CODE_UNITS_PER_STEP) {
        this.measure(value.length);
      }
      if (isScalar(value) && !isDropped) continue;
      const encoded = isDropped ? undefined : this.encode(value);
      if (encoded === value) continue;
      copy ??= copyOf(source, keys);
      if (isDropped) delete copy[key];
      else copy[key] = encoded;
    }
    this.depth--;
    return copy ?? object;
  }

  #encodeOther(value: unknown): Expression {
    const type = this.#table.find(value);
    if (!type) throw cannotEncode(value);
    if (type.nativeFrom && isAtLeast(this.level, type.nativeFrom)) return value;
    if (this.depth >= DEFAULT_MAX_DEPTH) throw new DepthError();
    this.meter?.countEncoding(type.weight ?? DEFAULT_WEIGHT);
    this.depth++;
    const encoded = type.encode(value, this);
    if (this.meter && Array.isArray(encoded)) {
      for (const operand of encoded) if (typeof operand === "string") this.measure(operand.length);
    }
    this.depth--;
    return encoded;
  }

  #enter(children: number): void {
    this.meter?.countEncoding(children + 1);
    if (++this.depth >= DEFAULT_MAX_DEPTH && children > 0) throw new DepthError();
  }
}
