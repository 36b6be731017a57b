import type { DocumentEncoder, DocumentWriter } from "./documents/document-writer.ts";
import { type Documents, isEnumerationPolluted } from "./documents/documents.ts";
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

/** The counter of the steps that encoding takes. */
export interface Meter {
  /** The number of steps that may still be counted. */
  readonly encodingLeft: number;
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
  /** Writes the documents. Without it, none is written. */
  readonly documentWriter?: typeof DocumentWriter | undefined;
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
export class Encoder implements EncodeContext, DocumentEncoder {
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
  /** Set if the receiver knows documents. */
  #documents: DocumentWriter | undefined;
  readonly #DocumentWriter: typeof DocumentWriter | undefined;
  readonly #table: ValueTable;
  readonly #mayShare: boolean;

  constructor(table: ValueTable, level: EncodingLevel, options: EncoderOptions = {}) {
    this.level = level;
    this.onSendError = options.onSendError;
    this.errorProperties = options.errorProperties;
    this.#table = table;
    this.#mayShare = level === "string";
    this.#DocumentWriter = options.documentWriter;
    this.useDocuments(options.documents);
  }

  /**
   * Sets the documents that the receiver of the next value knows. None is written if code of the
   * application has put members into every object.
   */
  protected useDocuments(documents: Documents | undefined): void {
    const Writer = this.#DocumentWriter;
    if (!documents || !Writer || !this.#mayShare || isEnumerationPolluted()) {
      this.#documents = undefined;
    } else if (this.#documents) this.#documents.restart(documents);
    else this.#documents = new Writer(this, documents);
  }

  /**
   * Encodes a value as {@link encode} does.
   *
   * @throws LimitError also for a value that takes more steps than `meter` has
   */
  encodeWithin(value: unknown, meter: Meter): Expression {
    this.meter = meter;
    return this.encode(value);
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
        return this.#documents?.plain(value!) ?? this.#encodeObject(value!);
      }
      if (prototype === Array.prototype && Array.isArray(value)) {
        return this.#documents?.list(value) ?? [this.encodeList(value)];
      }
    }
    return this.#encodeOther(value);
  }

  /** Encodes a list: the elements of a literal array, or the arguments of a call. */
  encodeList(list: readonly unknown[]): readonly Expression[] {
    const { length } = list;
    this.enter(length);
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

  #encodeObject(object: object): Expression {
    const source = object as Readonly<Record<string, unknown>>;
    const keys = Object.keys(source);
    this.enter(keys.length);
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

  enter(children: number): void {
    this.meter?.countEncoding(children + 1);
    if (++this.depth >= DEFAULT_MAX_DEPTH && children > 0) throw new DepthError();
  }

  leave(): void {
    this.depth--;
  }

  get levelsLeft(): number {
    return DEFAULT_MAX_DEPTH - this.depth;
  }

  get stepsLeft(): number {
    return this.meter?.encodingLeft ?? Infinity;
  }

  countSteps(steps: number): void {
    this.meter?.countEncoding(steps);
  }
}
