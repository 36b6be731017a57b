import { type Expression, ExpressionError, type TaggedExpression } from "@capnweb/wire";
import { excerpt, unknownExpression } from "@capnweb/wire/internal";
import { CAPTURE_VALUES } from "../call-context/counts.ts";
import type { CapabilityDecodeContext } from "../model/core-value-type.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import { handleUnread } from "../model/unread-promises.ts";

/** True if an expression refers to something of the receiver's, or calls it. */
export function isReference(expression: Expression): expression is TaggedExpression {
  if (!Array.isArray(expression)) return false;
  const tag: unknown = expression[0];
  return tag === "pipeline" || tag === "import" || tag === "remap";
}

/**
 * Carries out a reference (docs/protocol.md, "References"): makes a new reference to the announced
 * or named object, to a property of it, or to the result of a call or `map()`.
 *
 * @throws ProtocolError for a malformed reference or an unknown id
 */
export function evaluateReference(
  expression: TaggedExpression,
  cx: CapabilityDecodeContext,
): StubHook {
  const [tag, id, path, list, instructions] = expression;
  const { length } = expression;
  const isNew = tag === "export" || tag === "promise";
  if (
    length > (isNew ? 2 : 5) ||
    // A map must have instructions, and nothing else may.
    (length === 5) !== (tag === "remap") ||
    typeof id !== "number" ||
    (length > 2 && !isPath(path)) ||
    (length > 3 && !Array.isArray(list)) ||
    (length > 4 && !Array.isArray(instructions))
  ) {
    throw unknownExpression(expression);
  }
  // Instructions are evaluated once per element of a list, however long the path is.
  if (path) cx.count?.((path as PropertyPath).length);
  if (isNew) return cx.introduce(id, tag === "export" ? "stub" : tag);
  const hook = cx.lookup(id);
  const steps = (path ?? []) as PropertyPath;
  if (instructions) {
    return hook.map(
      steps,
      evaluateCaptures(list as Expression[], cx),
      instructions as Expression[],
      cx.nested(),
    );
  }
  if (list) return hook.call(steps, cx.decodeArguments(list));
  // The peer means to keep it as a stub or, without a path, as the kind that it is already.
  return path === undefined && tag === "import" ? hook.dup() : hook.get(steps, cx.budget);
}

/**
 * Carries out a reference that is a part of a value. Its result may never be looked at, so the
 * native promises in it are handled.
 *
 * @throws ProtocolError as {@link evaluateReference} does
 */
export function evaluatePart(expression: TaggedExpression, cx: CapabilityDecodeContext): StubHook {
  // The number of elements of a reference with a tag, id, path and arguments.
  const CALL_LENGTH = 4;
  const hook = evaluateReference(expression, cx);
  if (expression.length === CALL_LENGTH) hook.whenSettled(handleUnread);
  return hook;
}

function evaluateCaptures(
  captures: readonly Expression[],
  cx: CapabilityDecodeContext,
): StubHook[] {
  cx.count?.(CAPTURE_VALUES * captures.length);
  const captured: StubHook[] = [];
  try {
    for (const capture of captures) captured.push(evaluateCapture(capture, cx));
  } catch (error) {
    for (const each of captured) each.dispose();
    throw error;
  }
  return captured;
}

function evaluateCapture(capture: Expression, cx: CapabilityDecodeContext): StubHook {
  if (Array.isArray(capture) && capture.length === 2 && typeof capture[1] === "number") {
    const tag: unknown = capture[0];
    if (tag === "import" || tag === "export") {
      return evaluateReference(capture as unknown as TaggedExpression, cx);
    }
  }
  throw new ExpressionError(`unknown map capture: ${excerpt(capture)}`);
}

function isPath(path: unknown): path is PropertyPath {
  if (!Array.isArray(path)) return false;
  for (const part of path) {
    if (typeof part !== "string" && typeof part !== "number") return false;
  }
  return true;
}
