import {
  type Expression,
  ExpressionError,
  excerpt,
  type TaggedExpression,
  unknownExpression,
} from "@capnweb/wire";
import type { PropertyPath, StubHook } from "../hook.ts";
import type { CapabilityDecodeContext } from "./core-value-type.ts";

/** Whether an expression refers to something of the receiver's, or calls it. */
export function isReference(expression: Expression): expression is TaggedExpression {
  if (!Array.isArray(expression)) return false;
  const tag: unknown = expression[0];
  return tag === "pipeline" || tag === "import" || tag === "remap";
}

/**
 * Carries out what a reference says (docs/protocol.md, "References"): gives a new reference, to
 * what is named, to a property of it, or to a call's result.
 *
 * @throws ProtocolError for a malformed reference or an unknown id
 */
export function evaluateReference(
  expression: TaggedExpression,
  cx: CapabilityDecodeContext,
): StubHook {
  return expression[0] === "remap" ? evaluateMap(expression, cx) : evaluateUse(expression, cx);
}

function evaluateUse(expression: TaggedExpression, cx: CapabilityDecodeContext): StubHook {
  const [tag, id, path, args] = expression;
  if (
    expression.length < 2 ||
    expression.length > 4 ||
    typeof id !== "number" ||
    !(expression.length < 3 || isPath(path))
  ) {
    throw unknownExpression(expression);
  }
  if (expression.length < 4) {
    const hook = cx.lookup(id);
    // The peer names what it means to keep as a stub or, without a path, as what it is already.
    if (path === undefined) return tag === "import" ? hook.dup() : hook.get([]);
    return hook.get(path as PropertyPath);
  }
  if (!Array.isArray(args)) throw unknownExpression(expression);
  const hook = cx.lookup(id);
  return hook.call(path as PropertyPath, cx.decodeArguments(args));
}

function evaluateMap(expression: TaggedExpression, cx: CapabilityDecodeContext): StubHook {
  const [, id, path, captures, instructions] = expression;
  if (
    expression.length !== 5 ||
    typeof id !== "number" ||
    !isPath(path) ||
    !Array.isArray(captures) ||
    !Array.isArray(instructions)
  ) {
    throw unknownExpression(expression);
  }
  const hook = cx.lookup(id);
  const captured: StubHook[] = [];
  try {
    for (const capture of captures) captured.push(evaluateCapture(capture, cx));
  } catch (error) {
    for (const each of captured) each.dispose();
    throw error;
  }
  return hook.map(path, captured, instructions);
}

function evaluateCapture(capture: unknown, cx: CapabilityDecodeContext): StubHook {
  if (Array.isArray(capture) && capture.length === 2 && typeof capture[1] === "number") {
    if (capture[0] === "import") return cx.lookup(capture[1]).dup();
    if (capture[0] === "export") return cx.importStub(capture[1]);
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
