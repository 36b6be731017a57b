/** The lines of a text, one at a time: a peer's text may have millions. */
export function* linesOf(text: string): Generator<string, void, undefined> {
  let start = 0;
  for (;;) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    yield text.slice(start, end);
    start = end + 1;
  }
  yield text.slice(start);
}
