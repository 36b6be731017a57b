const NEWLINE = 10;
const QUOTE = 34;
const ZERO = 48;
const NINE = 57;

/** The words of references, with the quote after them. */
const REFERENCES = ["export", "promise", "writable", "readable", "import", "pipeline", "remap"].map(
  (word) => new TextEncoder().encode(`${word}"`),
);
/** True for the characters that such a word begins with. */
const STARTS = new Uint8Array(256);
for (const [first] of REFERENCES) STARTS[first!] = 1;

/** True if a text is at an index. */
export function isAt(bytes: Uint8Array, index: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[index + i] !== text[i]) return false;
  return true;
}

/** Finds the end of a line. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== NEWLINE) i++;
  return i;
}

/**
 * Finds the end of a line.
 *
 * @returns -1 if there is a reference in the line
 */
export function plainLineEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    // One comparison for most bytes, because this loop is most of a recorder's work.
    if (byte > QUOTE) continue;
    if (byte === NEWLINE) return i;
    if (byte === QUOTE && STARTS[bytes[i + 1]!] === 1 && isReference(bytes, i + 1)) return -1;
  }
  return end;
}

function isReference(bytes: Uint8Array, index: number): boolean {
  return REFERENCES.some((word) => isAt(bytes, index, word));
}

/** The number at an index; 0 if there is none. */
export function idAt(bytes: Uint8Array, index: number): number {
  let id = 0;
  for (let i = index; isDigit(bytes[i]!); i++) id = id * 10 + bytes[i]! - ZERO;
  return id;
}

/** The end of the number at an index. */
export function idEnd(bytes: Uint8Array, index: number): number {
  let i = index;
  while (isDigit(bytes[i]!)) i++;
  return i;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
