/**
 * The shape of one row of the value table: everything the codec knows about one kind of value.
 *
 * A row is a pure record. It gets recursion, limits and late substitution from the context it is
 * handed, so the same row serves a codec without a session (this package) and one with a session
 * (`@capnweb/core`, which adds the rows for capabilities and streams).
 */
import type { EncodingLevel } from "./encoding-level.ts";
import type { Limits } from "./limits.ts";
import type { Operand } from "./operands.ts";

/**
 * What stands in a message for a value: a JSON tree, or, above encoding level `"string"`, a tree
 * in which some values are left native.
 */
export type Expression = unknown;

/** An expression that is neither a JSON scalar nor a plain object: a tag and its operands. */
export type TaggedExpression = readonly [tag: string, ...operands: unknown[]];

/** The weight of a kind of value whose row doesn't say. */
export const DEFAULT_WEIGHT = 4;

/** What an encoder offers the rows. */
export interface EncodeContext {
  /** How far values are to be encoded. */
  readonly level: EncodingLevel;
  /** Encodes a child value. Throws an `EncodeError` for a value that can't travel. */
  encode(value: unknown): Expression;
  /**
   * Encodes a child that may be left out: hands it to `take`, unless it can't travel. Then whatever
   * the attempt had already claimed (export ids, pipes) is given back.
   *
   * @returns whether it was taken
   */
  attempt(value: unknown, take: (expression: Expression) => void): boolean;
  /**
   * Has bytes sent in a frame of their own, before the message's text, where the medium and the
   * peer take that; `false` where they don't.
   */
  attach?(bytes: Uint8Array): boolean;
  /**
   * Counts what takes longer the longer it is, besides the operands that are text: in code units or
   * bytes. A short message can have a long value encoded many times.
   */
  measure?(length: number): void;
  /**
   * Told of each error: properties of it may stay behind, with values in them that are never looked
   * at.
   */
  metError?(): void;
  /** The application's say on an error about to be sent; see `RpcSessionOptions.onSendError`. */
  readonly onSendError?: ((error: Error) => Error | void) | undefined;
  /**
   * The own properties of errors that are sent besides `code`, `cause`, `errors` and those that the
   * error's class names in `rpcProperties`; `"all"` for every enumerable one.
   */
  readonly errorProperties?: readonly string[] | "all" | undefined;
  /**
   * Whether an error's `code` is also sent where its class has it, as those of this library do, and
   * not the error itself: only if it is text. So is the name of a limit, in `limit`. `capnweb`
   * sends none.
   */
  readonly inheritedCodes?: boolean | undefined;
}

/** What a decoder offers the rows. */
export interface DecodeContext {
  readonly level: EncodingLevel;
  readonly limits: Limits;
  /**
   * Decodes a child expression which will stand at `parent[key]`. The location is what lets a value
   * that is still to come (a promise, a collected blob) be put in its place later.
   */
  decode(expression: Expression, parent: object, key: PropertyKey): unknown;
  /**
   * The account of bytes that a row collects for a value that is still to come, which are held
   * until the value goes.
   *
   * @param onGone called when the value goes, which may be before it has come, with what makes the
   *   reason
   */
  holder?(onGone: (reason: () => Error) => void): (bytes: number) => void;
  /** Counts values that a row makes besides what `decode` does, by weight. */
  count?(values: number): void;
  /**
   * Counts what takes longer, or more memory, the longer it is: in code units or bytes. Where the
   * size of the message bounds that, there is nothing to count.
   */
  measure?(length: number): void;
  /**
   * An instance of one of this library's error classes, where the peer means one: it has announced
   * itself, and the error's name and `code` are those of the class.
   *
   * @param properties still encoded
   */
  libraryError?(
    name: string,
    message: string,
    properties: Readonly<Record<string, Expression>>,
  ): Error | undefined;
  /**
   * The next of the binary frames that came before the message's text, if it is `length` bytes
   * long.
   */
  takeAttached?(length: number): Uint8Array | undefined;
  /**
   * Says that the value at `parent[key]` is known only once `value` settles; the payload is not
   * delivered before. Gives the placeholder to store meanwhile.
   */
  defer(value: Promise<unknown>, parent: object, key: PropertyKey): unknown;
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
> {
  /** A name for error messages; unique in a table. */
  readonly kind: string;
  /** The first elements of this kind's expressions; each belongs to one row of a table. */
  readonly tags: readonly string[];
  /**
   * What must follow the tag for `decode` to be asked. An expression with more operands than are
   * listed is none the worse for it.
   */
  readonly operands?: { readonly [K in keyof O]: Operand<O[K]> };
  /** `typeof` results other than `"object"` that select this row, e.g. `"bigint"`. */
  readonly primitives?: readonly ("bigint" | "undefined" | "number" | "function" | "symbol")[];
  /** Prototypes whose direct instances are of this kind; looked up in a Map, never scanned. */
  readonly prototypes?: readonly object[] | undefined;
  /** For open sets (error subclasses, targets): tried in table order when no prototype matched. */
  readonly matches?: (value: object) => value is T & object;
  /**
   * As how many values one counts against `maxValues` and `maxWork`, besides its children: about
   * one for each 16 bytes of memory that a decoded one takes. Default 4.
   */
  readonly weight?: number;
  /** From this encoding level up, values stay native. */
  readonly nativeFrom?: EncodingLevel;
  /** Checks a value that arrived native against the limits. */
  checkNative?(value: T, limits: Limits): void;
  encode(value: T, cx: E): Expression;
  /**
   * @param expression the tagged expression: its first element is one of `tags`, and `operands`
   *   follow
   * @param parent where the result will stand: `parent[key]`
   * @throws ProtocolError for operands that are malformed in another way
   */
  decode(
    expression: readonly [tag: string, ...operands: O],
    cx: D,
    parent: object,
    key: PropertyKey,
  ): T | unknown;
  /** The stream that a value is, or reads its content from. */
  streamOf?(value: T): ReadableStream | WritableStream | null;
}
