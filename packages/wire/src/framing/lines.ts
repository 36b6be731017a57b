/**
 * The framing of HTTP batches: messages, which contain no line breaks, one a line. The last line
 * has no break after it, and a body without messages is empty. A reader also takes a break after
 * the last line, and `\r\n` for a break, because editors, shells and other languages' `println`
 * write them.
 */

/** Makes one body of messages. */
export function joinLines(messages: readonly string[]): string {
  return messages.join("\n");
}

/** The messages in a body; the opposite of {@link joinLines}. */
export function splitLines(body: string): string[] {
  return [...iterateLines(body)];
}

/**
 * The messages in a body, cut out one by one: a body of many is never in memory twice.
 *
 * @example
 * ```ts
 * for (const message of iterateLines(await request.text())) receiver.receive(message);
 * ```
 */
export function* iterateLines(body: string): Generator<string, void, undefined> {
  const length = withoutBreak(body, body.length);
  for (let start = 0; start < length; ) {
    const found = body.indexOf("\n", start);
    const end = found < 0 ? length : Math.min(found, length);
    yield body.slice(start, body[end - 1] === "\r" ? end - 1 : end);
    start = end + 1;
  }
}

/** The length of `body` up to `end` without the line break that it may end with. */
function withoutBreak(body: string, end: number): number {
  if (body[end - 1] !== "\n") return end;
  return body[end - 2] === "\r" ? end - 2 : end - 1;
}
