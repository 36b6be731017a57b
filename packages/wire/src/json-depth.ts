/**
 * The bits in which `[`, `]`, `{` and `}` differ. With them set, each bracket is `0x7f`, and few
 * other characters are.
 */
const OTHER_BITS = 0x26;
const BRACKET = 0x7f;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * True if a JSON text nests its lists and objects more than `most` deep. Takes a nanosecond for
 * each code unit outside of strings. `JSON.parse` takes some hundred for each level, several times
 * as long as for other text of that length.
 *
 * @param text any text. The answer for a text that isn't JSON has no meaning
 */
export function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if ((code | OTHER_BITS) === BRACKET) {
      if (code === OPEN_LIST || code === OPEN_OBJECT) {
        if (++depth > most) return true;
      } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
    }
  }
  return false;
}

/** The place of the quote that ends the string that begins at `start`; else that of the end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}
