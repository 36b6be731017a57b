import { tooDeep } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Message } from "../messages.ts";
import { isObject } from "../objects.ts";
import type { Expression } from "../value-type.ts";
import { isAnnouncement } from "./announcement.ts";
import { PLACES, partsOf } from "./parts.ts";

const NONE: readonly Expression[] = [];

/**
 * The kind of the expressions around one: those of the protocol, the operands of an application's
 * own value type, or plain JSON, in which nothing is an expression.
 */
type Surroundings = "protocol" | "own type" | "json";

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
  const visit = (expression: Expression, depth: number, around: Surroundings): void => {
    if (!isObject(expression)) return;
    if (depth >= maxDepth) throw tooDeep(maxDepth);
    if (around === "json") {
      for (const part of Object.values(expression)) visit(part, depth + 1, around);
      return;
    }
    const [tag, operand] = Array.isArray(expression) ? (expression as readonly unknown[]) : NONE;
    // The value takes the place of its expression.
    if (tag === "json") {
      visit(operand, depth, "json");
      return;
    }
    if (tag === "bytes" && typeof operand === "number") {
      const isNext = operand === frames[taken + lengths.length];
      if (isNext || around === "protocol") lengths.push(operand);
    }
    const isUnknown = typeof tag === "string" && !PLACES.has(tag);
    for (const part of partsOf(expression)) visit(part, depth + 1, isUnknown ? "own type" : around);
  };
  const roots = isAnnouncement(message) ? NONE : rootsOf(message);
  for (const root of roots) visit(root, 0, "protocol");
  return lengths;
}

function rootsOf(message: Message): readonly Expression[] {
  const [tag, first, second] = message as readonly unknown[];
  if (tag === "push" || tag === "stream" || tag === "abort") return [first];
  return tag === "resolve" || tag === "reject" ? [second] : NONE;
}
