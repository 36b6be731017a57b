import { tooDeep } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Message } from "../messages.ts";
import { isObject } from "../objects.ts";
import { isRecord } from "../operands.ts";
import type { Expression } from "../value-type.ts";
import { isAnnouncement } from "./announcement.ts";

type Operands = readonly unknown[];

const NONE: readonly Expression[] = [];
const none = (_: Operands) => NONE;
const all = (operands: Operands): readonly Expression[] => operands;
const list = (operand: unknown): readonly Expression[] => (Array.isArray(operand) ? operand : NONE);
const call = ([, , , args]: Operands) => list(args);

/**
 * The expressions among the operands of each tagged expression, in the order in which sessions
 * evaluate them. An operand that isn't here may look like an expression and be none: the path
 * `["bytes", 3]` isn't bytes. The instructions of a `map()` have no bytes attached.
 */
export const PARTS: ReadonlyMap<string, (expression: Operands) => readonly Expression[]> = new Map(
  Object.entries({
    undefined: none,
    inf: none,
    "-inf": none,
    nan: none,
    bigint: none,
    date: none,
    bytes: none,
    blob: ([, , content]: Operands) => [content],
    error: ([, , , , properties]: Operands) =>
      isRecord(properties) ? Object.values(properties) : NONE,
    url: none,
    headers: none,
    request: ([, , init]: Operands) => (isRecord(init) ? [init["body"]] : NONE),
    response: ([, body]: Operands) => [body],
    readable: none,
    writable: none,
    export: none,
    promise: none,
    import: call,
    pipeline: call,
    remap: none,
  }),
);

/**
 * The lengths of the bytes that a message has in frames of their own, in the order of these frames.
 *
 * The operands of an application's own value type may be anything. A list there that reads as bytes
 * refers to a frame only if the next one has the length.
 *
 * @param frames the lengths of the frames before the text
 * @param taken the number of those that earlier messages of the text have taken
 * @throws LimitError for a message that is nested too deep
 */
export function attachedLengths(
  message: Message,
  frames: readonly number[],
  { maxDepth }: Limits,
  taken = 0,
): number[] {
  const lengths: number[] = [];
  const visit = (expression: Expression, depth: number, isOwn: boolean): void => {
    if (!isObject(expression)) return;
    if (depth >= maxDepth) throw tooDeep(maxDepth);
    const [tag, length] = Array.isArray(expression) ? (expression as Operands) : NONE;
    if (tag === "bytes" && typeof length === "number") {
      const isNext = length === frames[taken + lengths.length];
      if (isNext || !isOwn) lengths.push(length);
    }
    const isUnknown = typeof tag === "string" && !PARTS.has(tag);
    for (const part of partsOf(expression)) visit(part, depth + 1, isOwn || isUnknown);
  };
  const roots = isAnnouncement(message) ? NONE : rootsOf(message);
  for (const root of roots) visit(root, 0, false);
  return lengths;
}

function partsOf(expression: object): readonly Expression[] {
  if (!Array.isArray(expression)) return Object.values(expression);
  const [tag] = expression as Operands;
  if (typeof tag === "string") return (PARTS.get(tag) ?? all)(expression);
  // A literal list is wrapped in another one. Among the operands of an own type, one may not be.
  return expression.length === 1 ? list(tag) : expression;
}

function rootsOf(message: Message): readonly Expression[] {
  const [tag, first, second] = message as readonly unknown[];
  if (tag === "push" || tag === "stream" || tag === "abort") return [first];
  return tag === "resolve" || tag === "reject" ? [second] : NONE;
}
