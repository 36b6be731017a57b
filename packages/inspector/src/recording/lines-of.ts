/** The lines of a text from an index on, one at a time: a peer's text may have millions. */
export function* linesOf(text: string, from = 0): Generator<string, void, undefined> {
  let start = from;
  for (;;) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    yield text.slice(start, end);
    start = end + 1;
  }
  yield text.slice(start);
}
