/**
 * The shape of a row of the value table: everything that the codec knows about a kind of value.
 *
 * A row is a pure record. It gets recursion, limits and late substitution from its context, so the
 * same row serves a codec without a session (this package) and one with a session (`@capnweb/core`,
 * which adds the rows for capabilities and streams).
 */
import type { EncodingLevel } from "./encoding-level.ts";
import type { Limits } from "./limits.ts";
import type { Operand } from "./operands.ts";

/**
 * The form of a value in a message: a JSON tree, or, above encoding level `"string"`, a tree in
 * which some values are native.
 */
export type Expression = unknown;

/** An expression that is neither a JSON scalar nor a plain object: a tag and its operands. */
export type TaggedExpression = readonly [tag: string, ...operands: unknown[]];

/** The weight of a kind of value whose row doesn't say. */
export const DEFAULT_WEIGHT = 4;

/** The values that a part's place in a container counts as. An entry of a `Map` is a part. */
export const PART_WEIGHT = 4;

/** The memory in bytes of a value whose row names none: at most that of a `Request`. */
export const DEFAULT_MEMORY = 3_072;

/**
 * UTF-16 code units of text that count as one step. They take about as long as any other step, even
 * if each of them becomes six (`\u0000`).
 */
export const CODE_UNITS_PER_STEP = 32;

/** The services of an encoder for the rows. */
export interface EncodeContext {
  /** The level that values are encoded for. */
  readonly level: EncodingLevel;
  /** Encodes a child value. Throws an `EncodeError` for a value that can't travel. */
  encode(value: unknown): Expression;
  /**
   * Encodes a child that may be left out, and passes the result to `take`. If the child can't
   * travel, everything that the attempt claimed (export ids, pipes) is given back.
   *
   * @returns whether `take` was called
   */
  attempt(value: unknown, take: (expression: Expression) => void): boolean;
  /**
   * Has bytes sent in a frame of their own, before the message's text.
   *
   * @returns `false` if the medium or the peer doesn't take them
   */
  attach?(bytes: Uint8Array): boolean;
  /**
   * Counts work that grows with a length in code units or bytes, except that of operands that are
   * text. A short message can have a long value encoded many times.
   */
  measure?(length: number): void;
  /**
   * Called for each error. Some of its properties may stay behind, with values that no encoder
   * looks at.
   */
  metError?(): void;
  /** The application's hook for errors that are sent; see `RpcSessionOptions.onSendError`. */
  readonly onSendError?: ((error: Error) => Error | void) | undefined;
  /**
   * The own properties of errors to send besides `code`, `cause`, `errors` and those that the
   * error's class names in `rpcProperties`. `"all"` sends every enumerable one.
   */
  readonly errorProperties?: readonly string[] | "all" | undefined;
  /**
   * True to send a `code` that is text and that an error inherits from its class, as this
   * library's errors do. A `limit` with the name of a limit is sent likewise. `capnweb` sends
   * neither.
   */
  readonly inheritedCodes?: boolean | undefined;
}

/** The services of a decoder for the rows. */
export interface DecodeContext {
  /** The level of the expressions. */
  readonly level: EncodingLevel;
  /** The receiver's limits. */
  readonly limits: Limits;
  /**
   * Decodes a child expression whose value will stand at `parent[key]`. A value that is still to
   * come (a promise, a collected blob) is put there later.
   */
  decode(expression: Expression, parent: object, key: PropertyKey): unknown;
  /**
   * Decodes a part of a container, and hands it to `place`. A part that is still to come is handed
   * over twice: first its placeholder, and later, before delivery, its value. Counts as
   * {@link PART_WEIGHT} values besides the part's own.
   *
   * @example
   * ```ts
   * for (const [key, part] of entries) cx.part(part, (value) => map.set(key, value));
   * ```
   */
  part(expression: Expression, place: (value: unknown) => void): void;
  /**
   * Opens an account of the bytes that a row collects for a value that is still to come. They count
   * as held until the value is gone.
   *
   * @param onGone called when the value is gone, maybe before it has come. Its argument makes the
   *   reason
   * @returns a function that adds bytes to the account
   */
  holder?(onGone: (reason: () => Error) => void): (bytes: number) => void;
  /** Counts values that a row makes besides what `decode` does, by weight. */
  count?(values: number): void;
  /**
   * Counts work or memory that grows with a length in code units or bytes. There is nothing to
   * count if the size of the message bounds it.
   */
  measure?(length: number): void;
  /**
   * An instance of one of this library's error classes, if the peer has announced itself, and the
   * error's name and `code` are those of the class.
   *
   * @param properties the error's properties, still encoded
   */
  libraryError?(
    name: string,
    message: string,
    properties: Readonly<Record<string, Expression>>,
  ): Error | undefined;
  /**
   * Takes the next binary frame that came before the message's text, if it is `length` bytes long.
   */
  takeAttached?(length: number): Uint8Array | undefined;
  /**
   * Notes that the value at `parent[key]` is known only once `value` settles. The payload is
   * delivered after that.
   *
   * @returns the placeholder to store meanwhile
   */
  defer(value: Promise<unknown>, parent: object, key: PropertyKey): unknown;
}

/** The services that a container's row gets for making a copy; see {@link Container.copy}. */
export interface CopyContext {
  /**
   * Copies a part of a container, and hands the copy to `place`. A promise is handed over twice:
   * first its placeholder, and later, before delivery, its value. Counts as {@link PART_WEIGHT}
   * values besides the part's own.
   */
  part(value: unknown, place: (copy: unknown) => void): void;
  /** Copies a part that will stand at `parent[key]`. Doesn't count it. */
  copy(value: unknown, parent: object, key: PropertyKey): unknown;
  /** Counts the parts of a container before they are copied. */
  count(parts: number): void;
}

/**
 * A container's part of its row, besides its expressions. A container is a value that holds others,
 * such as stubs, functions, targets and streams.
 */
export interface Container<T = unknown> {
  /**
   * Makes a new container of the same kind, whose parts are copies that `cx` made of those in
   * `value`. Copy each part once. In this process, a value of a row without `copy` is delivered
   * unchanged, because it can't contain references.
   */
  copy(value: T, cx: CopyContext): T;
  /**
   * Returns everything that the container holds, for searches for references. Runs no code of the
   * application but the container's own.
   */
  parts(value: T): readonly unknown[];
  /**
   * True if the container owns only stubs, promises and streams in it, and not functions and
   * targets, which libraries put into errors. Such a container is copied only if it holds some.
   */
  readonly isIncidental?: boolean;
}

/**
 * One kind of value.
 *
 * @typeParam T the JavaScript values of this kind
 * @typeParam O the operands that its `operands` vouch for
 * @typeParam E the encode context its `encode` needs
 * @typeParam D the decode context its `decode` needs
 */
export interface ValueType<
  T = unknown,
  O extends readonly unknown[] = readonly unknown[],
  E extends EncodeContext = EncodeContext,
  D extends DecodeContext = DecodeContext,
> extends Partial<Container<T>> {
  /** A name for error messages; unique in a table. */
  readonly kind: string;
  /** The first elements of this kind's expressions; each belongs to one row of a table. */
  readonly tags: readonly string[];
  /**
   * The operands that must follow the tag. `decode` is called only if each is accepted. More
   * operands may follow.
   */
  readonly operands?: { readonly [K in keyof O]: Operand<O[K]> };
  /** `typeof` results other than `"object"` that select this row, e.g. `"bigint"`. */
  readonly primitives?: readonly ("bigint" | "undefined" | "number" | "function" | "symbol")[];
  /** Prototypes whose direct instances are of this kind; looked up in a Map, never scanned. */
  readonly prototypes?: readonly object[] | undefined;
  /** For open sets (error subclasses, targets): tried in table order if no prototype matched. */
  readonly matches?: (value: object) => value is T & object;
  /**
   * The number of values that one counts as against `maxValues` and `maxWork`, besides its
   * children: about one for each 16 bytes of memory of a decoded one. Default 4.
   */
  readonly weight?: number;
  /**
   * Returns the approximate bytes of memory of a value, besides its parts. Called for values that
   * are held for a peer. Default 3,072, as for a `Request`.
   */
  memory?(value: T): number;
  /** From this encoding level up, values stay native. */
  readonly nativeFrom?: EncodingLevel;
  /**
   * Checks a value that arrived native.
   *
   * @throws LimitError for one that goes over a limit
   */
  checkNative?(value: T, limits: Limits): void;
  /**
   * Makes the expression of a value.
   *
   * @throws EncodeError for a value that can't travel
   */
  encode(value: T, cx: E): Expression;
  /**
   * Makes the value of an expression.
   *
   * @param expression the tag, one of `tags`, and the operands that `operands` accepted
   * @param parent the container that gets the result, under `key`
   * @throws ExpressionError, ProtocolError for operands that are malformed in another way
   */
  decode(
    expression: readonly [tag: string, ...operands: O],
    cx: D,
    parent: object,
    key: PropertyKey,
  ): T | unknown;
  /** The stream that a value is, or that has its content. `null` if it has none. */
  streamOf?(value: T): ReadableStream | WritableStream | null;
}
