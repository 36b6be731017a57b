import type { EncodingLevel, Expression } from "@capnweb/wire";
import { stringifyExpression } from "@capnweb/wire/internal";

/** The operands after a tag: no message has more. */
export type Operands = [a?: unknown, b?: unknown, c?: unknown, d?: unknown];

/**
 * A way to assemble messages: as JSON text, piece by piece, which is faster than a tree that is
 * turned into text; or as trees, for transports that encode them themselves. An operand is a
 * number, or the result of one of the methods.
 */
export interface MessageForm {
  /** A message, or a tagged expression. */
  tagged(tag: string, ...operands: Operands): unknown;
  /** Turns an encoded expression into an operand. */
  operand(expression: Expression): unknown;
  /**
   * Turns a list that isn't an expression, such as a path or a call's arguments, into an operand.
   */
  list(list: readonly Expression[]): unknown;
}

const item = (operand: unknown) => (operand === undefined ? "" : `,${operand as string}`);

const TEXT: MessageForm = {
  // Named one by one, because a rest parameter would make a list for each message.
  tagged(tag, a?, b?, c?, d?) {
    return `["${tag}"${item(a)}${item(b)}${item(c)}${item(d)}]`;
  },
  operand: stringifyExpression,
  list(list) {
    let text = "[";
    for (let i = 0; i < list.length; i++) {
      if (i > 0) text += ",";
      text += stringifyExpression(list[i]);
    }
    return `${text}]`;
  },
};

const TREE: MessageForm = {
  tagged: (...message) => message,
  operand: (expression) => expression,
  list: (list) => list,
};

export function messageForm(level: EncodingLevel): MessageForm {
  return level === "string" ? TEXT : TREE;
}
