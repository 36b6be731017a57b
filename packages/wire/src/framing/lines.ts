/**
 * The framing of HTTP batches: one message a line. Messages contain no line breaks. The last line
 * has no break after it, and a body without messages is empty. A reader also accepts a break after
 * the last line, and `\r\n` as a break, because editors, shells and other languages' `println`
 * write them.
 */

/**
 * Joins messages to the body of a batch.
 *
 * @param messages texts without line breaks
 */
export function joinLines(messages: readonly string[]): string {
  return messages.join("\n");
}

/** The messages in the body of a batch; the opposite of {@link joinLines}. */
export function splitLines(body: string): string[] {
  return [...iterateLines(body)];
}

/**
 * The messages in the body of a batch, cut out one by one, so that a long body is never in memory
 * twice.
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
