import { type EncodingLevel, isAtLeast } from "./encoding-level.ts";
import { cannotEncode, DepthError, isEncodeFailure } from "./errors.ts";
import { DEFAULT_MAX_DEPTH } from "./limits.ts";
import type { ValueTable } from "./value-table.ts";
import type { EncodeContext, Expression } from "./value-type.ts";

/** What an encoder can be told besides its table and level. */
export interface EncoderOptions {
  readonly onSendError?: EncodeContext["onSendError"];
}

/**
 * Turns values into expressions.
 *
 * At level `"string"` a plain object whose properties stand for themselves is its own expression:
 * the result is to be stringified before anybody can change the value. At the other levels every
 * container in the result is new.
 */
export class Encoder implements EncodeContext {
  readonly level: EncodingLevel;
  readonly onSendError: EncodeContext["onSendError"];
  /** How many values the one being encoded is nested in. */
  protected depth = 0;
  readonly #table: ValueTable;
  readonly #mayShare: boolean;
  readonly #numbersAreNative: boolean;

  constructor(table: ValueTable, level: EncodingLevel, options: EncoderOptions = {}) {
    this.level = level;
    this.onSendError = options.onSendError;
    this.#table = table;
    this.#mayShare = level === "string";
    this.#numbersAreNative = isAtLeast(level, "structuredClonable");
  }

  /** @throws EncodeError, DepthError for a value that can't travel */
  encode(value: unknown): Expression {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (Number.isFinite(value) || this.#numbersAreNative) return value;
        break;
      case "object": {
        if (value === null) return null;
        const prototype: unknown = Object.getPrototypeOf(value);
        if (prototype === Object.prototype) return this.#encodeObject(value);
        if (prototype === Array.prototype && Array.isArray(value)) return [this.encodeList(value)];
      }
    }
    return this.#encodeOther(value);
  }

  /** Encodes a list's elements: what a literal array contains, or a call's arguments. */
  encodeList(list: readonly unknown[]): Expression[] {
    this.#enter(list.length);
    const { length } = list;
    const encoded = new Array<Expression>(length);
    for (let i = 0; i < length; i++) encoded[i] = this.encode(list[i]);
    this.depth--;
    return encoded;
  }

  attempt(value: unknown, take: (expression: Expression) => void): void {
    const { depth } = this;
    try {
      take(this.encode(value));
    } catch (error) {
      if (!isEncodeFailure(error)) throw error;
      this.depth = depth;
    }
  }

  #encodeObject(object: object): Expression {
    const source = object as Readonly<Record<string, unknown>>;
    const keys = Object.keys(source);
    this.#enter(keys.length);
    let copy: Record<string, Expression> | undefined = this.#mayShare ? undefined : {};
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      // Assigning it would set the copy's prototype, and every receiver drops it.
      if (key === "__proto__") {
        copy ??= encodedSoFar(source, keys, i);
        continue;
      }
      const value = source[key];
      const encoded = this.encode(value);
      if (copy !== undefined) {
        copy[key] = encoded;
      } else if (encoded !== value) {
        copy = encodedSoFar(source, keys, i);
        copy[key] = encoded;
      }
    }
    this.depth--;
    return copy ?? object;
  }

  #encodeOther(value: unknown): Expression {
    const type = this.#table.find(value);
    if (type === undefined) throw cannotEncode(value);
    if (type.nativeFrom !== undefined && isAtLeast(this.level, type.nativeFrom)) return value;
    if (this.depth >= DEFAULT_MAX_DEPTH) throw new DepthError();
    this.depth++;
    const encoded = type.encode(value, this);
    this.depth--;
    return encoded;
  }

  #enter(children: number): void {
    if (++this.depth >= DEFAULT_MAX_DEPTH && children > 0) throw new DepthError();
  }
}

/** The first `count` properties of an object, which are known to be their own expressions. */
function encodedSoFar(
  source: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  count: number,
): Record<string, Expression> {
  const copy: Record<string, Expression> = {};
  for (let i = 0; i < count; i++) copy[keys[i]!] = source[keys[i]!];
  return copy;
}
