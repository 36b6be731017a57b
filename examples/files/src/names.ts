import { FileError } from "./errors.ts";

/** Bytes of the longest name that the usual file systems take. */
const MAX_BYTES = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const FORBIDDEN = /[/\\<>:"|?*\u0000-\u001f\u007f]/;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Checks that a value is the name of a file or directory: one step of a path. A path is only ever
 * put together from names that passed this check, so none leads out of the folder where it begins.
 *
 * @throws FileError `BAD_NAME`
 */
export function checkName(name: unknown): string {
  if (typeof name !== "string") throw new FileError("BAD_NAME", "A name is a text.");
  const isFine =
    name !== "" &&
    !name.startsWith(".") &&
    !/[. ]$/.test(name) &&
    !FORBIDDEN.test(name) &&
    !RESERVED.test(name) &&
    // No half of a surrogate pair, which UTF-8 can't have.
    Buffer.from(name).toString() === name &&
    Buffer.byteLength(name) <= MAX_BYTES;
  if (isFine) return name;
  throw new FileError(
    "BAD_NAME",
    `${JSON.stringify(name.slice(0, 80))} isn't a name. Names have up to ${MAX_BYTES} bytes, don't ` +
      'begin or end with a dot, and have none of / \\ < > : " | ? *.',
  );
}
