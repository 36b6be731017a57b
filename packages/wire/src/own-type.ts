import { isByReference } from "./by-reference.ts";
import { EncodeError } from "./errors.ts";
import type { Operand } from "./operands.ts";
import { ownTypes } from "./own-types.ts";
import { isOwnTag } from "./value-table.ts";
import {
  type Container,
  DEFAULT_MEMORY,
  type DecodeContext,
  type EncodeContext,
  type Expression,
  type ValueType,
} from "./value-type.ts";

/** The definition of an application's own value type, for {@link valueType}. */
export interface OwnValueType<T extends object, O extends readonly unknown[] = readonly unknown[]>
  extends Partial<Container<T>>,
    Pick<ValueType<T>, "weight" | "memory"> {
  /** The name in messages, with a colon in it: `"app:money"`. Both ends use the same. */
  readonly tag: `${string}:${string}`;
  /** The class whose direct instances are of this type. Instances of its subclasses aren't. */
  readonly class: { readonly prototype: T };
  /**
   * Checks the operands of a received expression. `decode` is called only if each is accepted.
   * Default: `decode` gets them as the peer sent them.
   */
  readonly operands?: { readonly [K in keyof O]: Operand<O[K]> };
  /**
   * Returns the operands that stand for a value. Encode each part that isn't JSON, or that may hold
   * other values, with `cx.encode(part)`.
   *
   * @throws EncodeError for a value that can't travel
   */
  encode(value: T, cx: EncodeContext): readonly Expression[];
  /**
   * Makes a value of operands, which a hostile peer may have chosen. Decode every part, in the
   * order in which `encode` encodes them, because a part may refer to bytes that travel beside the
   * message, or introduce a stub. `cx.part` decodes and counts a part of a container. Count other
   * work for each element of a list with `cx.count`.
   *
   * @throws ExpressionError for malformed operands. The session ends
   */
  decode(operands: O, cx: DecodeContext): T;
}

/** Code units of text that take as long to encode as a part of a container. */
const LENGTH_PER_PART = 32;

/**
 * Defines a value type: instances of a class that are passed by value. Give it to the sessions at
 * both ends, with the option `types`. A session without it refuses to send its values, and ends if
 * one arrives.
 *
 * A type whose values hold others, such as stubs or promises, has `copy` and `parts` as well. That
 * is all it takes for its values to be delivered in this process, and for the stubs in them to be
 * disposed of.
 *
 * @throws TypeError for a missing or invalid member, for a tag without a colon, for a class that
 *   has a type already, for one whose instances are passed by reference, and for `copy` without
 *   `parts` or the reverse
 *
 * @example
 * ```ts
 * const money = valueType({
 *   tag: "app:money",
 *   class: Money,
 *   encode: ({ cents, currency }, cx) => [cx.encode(cents), currency],
 *   decode([cents, currency], cx) {
 *     return new Money(cx.decode(cents, {}, "cents") as bigint, String(currency));
 *   },
 * });
 * const api = newWebSocketRpcSession<Api>(url, undefined, { types: [money] });
 * ```
 */
export function valueType<T extends object, O extends readonly unknown[] = readonly unknown[]>(
  type: OwnValueType<T, O>,
): ValueType {
  const { tag, class: claimed, encode, decode, ...rest } = type;
  const { copy, parts, weight = 0, memory, operands = [] } = rest;
  for (const [name, given] of Object.entries({ class: claimed, encode, decode })) {
    if (typeof given !== "function") throw new TypeError(`${tag}: valueType() needs ${name}.`);
  }
  const { prototype } = claimed;
  if (!isOwnTag(tag)) {
    throw new TypeError(`The tag "${tag}" needs a name and a colon before it: "app:${tag}".`);
  }
  if (isByReference(prototype)) {
    throw new TypeError(`${tag}: instances of an RpcTarget are passed by reference.`);
  }
  if (ownTypes.has(prototype)) {
    throw new TypeError(`${tag}: the class has a value type already. Define one once.`);
  }
  if (!Number.isFinite(weight) || weight < 0) {
    throw new TypeError(`${tag}: weight must be a number, 0 or more.`);
  }
  if (!operands.every((each) => typeof each === "function")) {
    throw new TypeError(`${tag}: operands must be functions.`);
  }
  if (!copy !== !parts) throw new TypeError(`${tag}: a container needs both copy and parts.`);
  const row: ValueType<T, O> = Object.freeze({
    ...rest,
    kind: tag,
    tags: [tag],
    prototypes: [prototype],
    encode(value: T, cx: EncodeContext) {
      if (parts) cx.measure?.(LENGTH_PER_PART * parts(value).length);
      const encoded = encode(value, cx);
      if (Array.isArray(encoded)) return [tag, ...encoded];
      throw new EncodeError(`${tag}: encode() must return a list of operands.`);
    },
    ...(memory && { memory: (value: T) => memoryOf(value, memory) }),
    decode: ([, ...operands]: readonly [tag: string, ...operands: O], cx: DecodeContext) =>
      decode(operands, cx),
  });
  ownTypes.set(prototype, row as ValueType);
  return row as ValueType;
}

/** The memory of a value. An invalid number would end the count of all memory. */
function memoryOf<T>(value: T, memory: (value: T) => number): number {
  try {
    const bytes: unknown = memory(value);
    if (Number.isFinite(bytes) && (bytes as number) >= 0) return bytes as number;
  } catch {
    // Counts as a value whose row names none.
  }
  return DEFAULT_MEMORY;
}
