import { type Exception, textOf } from "../compare.ts";

const NAMED = /^an error (of a class of one's own|with another name)$/;

/** Errors that can be sent only here, or that arrive differently. */
export const errors: readonly Exception[] = [
  {
    entry: "an error whose name isn't built in (`AbortError`)",
    example: ["await", "an error with another name", "result"],
    rewrite: (text, { kind }) =>
      NAMED.test(kind.name)
        ? text
            .replaceAll(/name \(not enumerable\): \\?"(CustomError|Renamed)\\?", /g, "")
            .replaceAll(/(["'])(CustomError|Renamed)\1/g, "$1Error$1")
            .replaceAll(/(CustomError|Renamed): /g, "Error: ")
            .replaceAll("stack,message,name;", "stack,message;")
        : text,
    explains: ({ program: { kind } }) => kind.name === "a DOMException",
  },
  {
    entry: "a promise that fails, in an error",
    example: ["await", "a failing call of a stub", "cause"],
    rewrite: (text) =>
      /^unhandled (RangeError: target failed|TypeError: rejected)$/.test(text) ? "" : text,
  },
  {
    entry: "a thrown value that contains a stub or stream",
    example: ["await", "a target", "thrown value"],
    explains: ({ program: { place }, ours }) =>
      /thrown|error/.test(place.name) && textOf(ours).includes("in this context. Errors can't"),
  },
  {
    entry: "an error whose cause, or another property, is a `Blob`",
    example: ["await", "a Blob", "cause"],
    explains: ({ program: { place, kind } }) =>
      /^(cause|property of an error)$/.test(place.name) && kind.name === "a Blob",
  },
  {
    entry: "an error whose message isn't text, or whose name throws",
    example: ["await", "an error whose message is no text", "result"],
    explains: ({ program: { kind } }) =>
      /^an error whose (message is no text|name throws)/.test(kind.name),
  },
];
