/**
 * The framing of HTTP batches: messages, which contain no line breaks, one a line. The last line has
 * no break after it, and a body without messages is empty.
 */

/** Makes one body of messages. */
export function joinLines(messages: readonly string[]): string {
  return messages.join("\n");
}

/** The messages in a body; the opposite of {@link joinLines}. */
export function splitLines(body: string): string[] {
  return body === "" ? [] : body.split("\n");
}
