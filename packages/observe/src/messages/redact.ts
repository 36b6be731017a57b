/** The place of a value in a call, for a function that redacts. */
export interface ValuePlace {
  /** The path of the call, such as `users.login`; `""` if it isn't known. */
  readonly method: string;
  /** The part of the call that has the value. */
  readonly part: "arguments" | "result" | "error" | "metadata" | "value";
  /** The way from the part to the value: `[1, "password"]` in the second argument. */
  readonly path: readonly (string | number)[];
}

/**
 * Returns what is shown in place of a value: the value itself, or another one. Called for each
 * argument, member and element, before those in it, with JSON values and expressions of the
 * protocol. If it throws, the value isn't shown.
 */
export type Redact = (value: unknown, place: ValuePlace) => unknown;

const SECRET = new RegExp(
  [
    "pass(word|phrase|wd|code)|(^|_)pass$|^pwd$",
    "secret|token|cookie|authorization|credential|jwt|bearer|session.?id",
    "(api|access|private|signing|encryption).?key",
    "^(otp|pin|cvv|cvc|ssn)$",
  ].join("|"),
  "i",
);

/** Stands for a value that isn't shown. */
export const REDACTED = "<redacted>";

/** Hides the members whose names are usual for secrets. */
export const redactByName: Redact = (value, { path }) => {
  const name = path.at(-1);
  return typeof name === "string" && SECRET.test(name) ? REDACTED : value;
};
