import { excerpt, overLimit, ProtocolError } from "./errors.ts";
import { parseJson } from "./json.ts";
import { isDeeperThan } from "./json-depth.ts";
import type { Limits } from "./limits.ts";
import { hasOperands, isExpression, type Operand } from "./operands.ts";
import { learnPath, readQuickly } from "./quick-messages.ts";
import type { Expression } from "./value-type.ts";

/** The id of an import of the message's sender. */
export type ImportId = number;
/** The id of an export of the message's sender. */
export type ExportId = number;

/**
 * A message from one end of a session to the other. docs/protocol.md specifies the meaning of each.
 */
export type Message =
  | readonly ["push", expression: Expression]
  | readonly ["pull", id: ImportId]
  | readonly ["resolve", id: ExportId, expression: Expression]
  | readonly ["reject", id: ExportId, expression: Expression]
  | readonly ["release", id: ImportId, references: number]
  | readonly ["stream", expression: Expression]
  | readonly ["pipe"]
  | readonly ["abort", reason: Expression];

/** The first element of a message. */
export type MessageTag = Message[0];

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isId(value) && value > 0;

/** The operands of each message. */
const OPERANDS: ReadonlyMap<unknown, readonly Operand[]> = new Map<MessageTag, readonly Operand[]>([
  ["push", [isExpression]],
  ["pull", [isId]],
  ["resolve", [isId, isExpression]],
  ["reject", [isId, isExpression]],
  ["release", [isId, isCount]],
  ["stream", [isExpression]],
  ["pipe", []],
  ["abort", [isExpression]],
]);

/** The first elements of all messages of the protocol. */
// A client doesn't need the list: without the marks, a bundler would keep it.
export const MESSAGE_TAGS: readonly MessageTag[] = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Array.from(/* @__PURE__ */ OPERANDS.keys()) as MessageTag[],
);

/**
 * Checks that a tree is a message, but doesn't check its expressions.
 *
 * @returns the tree itself. The caller keeps it
 * @throws ProtocolError for anything else
 *
 * @example
 * ```ts
 * port.onmessage = ({ data }) => log(checkMessage(data)[0]); // "push", "resolve", …
 * ```
 */
export function checkMessage(tree: unknown): Message {
  if (Array.isArray(tree)) {
    const operands = OPERANDS.get(tree[0]);
    if (tree.length - 1 === operands?.length && hasOperands(tree, operands)) {
      return tree as unknown as Message;
    }
  }
  throw new ProtocolError(`bad RPC message: ${excerpt(tree)}`);
}

/** The length from which a text is looked through for its depth. Below it, parsing is cheap. */
const LONG = 256 * 1024;

/** The deepest JSON that a message may consist of. An expression takes at most three levels. */
function mostLevels(limits: Limits): number {
  return 4 * limits.maxDepth + 64;
}

/**
 * Parses the text of one message. {@link MessageReader} also takes texts that join several, bytes,
 * and trees.
 *
 * @param limits `maxMessageSize` applies, before parsing; for long texts, `maxDepth` as well
 * @returns a tree that the caller owns
 * @throws LimitError for text over these limits
 * @throws MessageSyntaxError for text that isn't JSON
 * @throws ProtocolError for JSON that isn't a message, and for anything that isn't text
 *
 * @example
 * ```ts
 * const message = parseMessage(text, DEFAULT_LIMITS);
 * if (message[0] === "release") console.log(`${message[2]} references of ${message[1]} are gone`);
 * ```
 */
export function parseMessage(text: unknown, limits: Limits): Message {
  checkText(text, limits);
  const quick = readQuickly(text);
  if (quick) return quick;
  const message = parseText(text, limits);
  learnPath(text, message);
  return message;
}

/** Does the same as {@link parseMessage}, with less code and more time. */
export function parseBriefly(text: unknown, limits: Limits): Message {
  checkText(text, limits);
  return parseText(text, limits);
}

function checkText(text: unknown, limits: Limits): asserts text is string {
  if (typeof text !== "string") {
    throw new ProtocolError("bad RPC message: it is binary");
  }
  if (text.length > limits.maxMessageSize) throw overLimit(limits, "maxMessageSize");
}

function parseText(text: string, limits: Limits): Message {
  if (text.length > LONG && isDeeperThan(text, mostLevels(limits))) {
    throw overLimit(limits, "maxDepth");
  }
  return checkMessage(parseJson(text));
}
