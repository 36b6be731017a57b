const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/**
 * The text for a terminal, in which characters that control it are written as in JSON. Newlines
 * stay.
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The text for XML and HTML, in elements and attributes. */
export function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
      // Replaces characters that XML cannot express.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\u{fffd}")
      .replace(/\p{Surrogate}/gu, "\u{fffd}")
  );
}
