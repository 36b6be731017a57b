import { type Message, withoutDocuments } from "@capnweb/wire";

/**
 * Returns a message without documents, so that their values are shown and redacted as those of
 * ordinary expressions.
 *
 * @returns `undefined` for a message with a malformed or huge document. The session ends
 */
export function ordinary(message: Message): Message | undefined {
  try {
    return message.map(withoutDocuments) as unknown as Message;
  } catch {
    return undefined;
  }
}
