import { tooDeep } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Message } from "../messages.ts";
import { isRecord } from "../operands.ts";
import type { Expression } from "../value-type.ts";
import { isAnnouncement } from "./announcement.ts";

type Operands = readonly unknown[];

const NONE: readonly Expression[] = [];
const none = (_: Operands) => NONE;
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
 * @throws LimitError for a message that is nested too deep
 */
export function attachedLengths(message: Message, limits: Limits): number[] {
  const lengths: number[] = [];
  const { maxDepth } = limits;
  const visit = (expression: Expression, depth: number): void => {
    if (typeof expression !== "object" || expression === null) return;
    if (depth >= maxDepth) throw tooDeep(maxDepth);
    for (const part of partsOf(expression, lengths)) visit(part, depth + 1);
  };
  if (isAnnouncement(message)) return lengths;
  switch (message[0]) {
    case "push":
    case "stream":
    case "abort":
      visit(message[1], 0);
      break;
    case "resolve":
    case "reject":
      visit(message[2], 0);
  }
  return lengths;
}

function partsOf(expression: object, lengths: number[]): readonly Expression[] {
  if (!Array.isArray(expression)) return Object.values(expression);
  const [tag, length] = expression as Operands;
  if (typeof tag !== "string") return list(tag);
  if (tag === "bytes" && typeof length === "number") lengths.push(length);
  return PARTS.get(tag)?.(expression) ?? NONE;
}
