import { badMessage, LimitError, ProtocolError } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { Limits } from "./limits.ts";
import type { Expression } from "./value-type.ts";

/** An id, named from the point of view of the message's sender: one of its imports. */
export type ImportId = number;
/** An id, named from the point of view of the message's sender: one of its exports. */
export type ExportId = number;

/**
 * What two ends of a session tell each other; docs/protocol.md says what each message means.
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

type Operand = (value: unknown) => boolean;

/** Whatever it is; where values stay native, `undefined` as well. */
const isExpression: Operand = () => true;
const isId: Operand = (value) => Number.isSafeInteger(value);
const isCount: Operand = (value) => Number.isSafeInteger(value) && (value as number) > 0;

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

/**
 * Checks that a tree is a message. Its expressions are not looked into.
 *
 * @throws ProtocolError for anything else
 */
export function checkMessage(tree: unknown): Message {
  if (!Array.isArray(tree)) throw badMessage(tree);
  const operands = OPERANDS.get(tree[0]);
  if (operands === undefined || tree.length !== operands.length + 1) throw badMessage(tree);
  for (let i = 0; i < operands.length; i++) {
    if (!operands[i]!(tree[i + 1])) throw badMessage(tree);
  }
  return tree as unknown as Message;
}

/**
 * Parses a message's text.
 *
 * @throws LimitError for text over the size limit, which isn't parsed
 * @throws MessageSyntaxError for text that isn't JSON
 * @throws ProtocolError for JSON that isn't a message, and for what isn't text
 */
export function parseMessage(text: unknown, limits: Limits): Message {
  if (typeof text !== "string") {
    throw new ProtocolError("bad RPC message: a message has to be text, and this one is binary.");
  }
  if (text.length > limits.maxMessageSize) throw LimitError.messageSize(limits.maxMessageSize);
  return checkMessage(parseJson(text));
}
