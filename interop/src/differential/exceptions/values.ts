import { capabilityKinds } from "../capabilities.ts";
import { type Exception, textOf } from "../compare.ts";
import { mediaKinds } from "../media.ts";

/** Kinds of values that a call's end takes away from its method. */
const HELD = [...capabilityKinds, ...mediaKinds];

const refused = (what: string) => `Cannot serialize value: ${what}`;

const NAMED = /^an error (of a class of one's own|with another name)$/;

/** Values that travel here, or arrive otherwise. */
export const values: readonly Exception[] = [
  {
    entry: "a native promise in an argument or result, or given by a getter",
    explains: ({ program: { kind }, reference }) =>
      kind.name.startsWith("a native promise") || textOf(reference).includes("[object Promise]"),
  },
  {
    entry: "an error whose name isn't built in (`AbortError`)",
    rewrite: (text, { kind }) =>
      NAMED.test(kind.name)
        ? text
            .replaceAll(/name \(not enumerable\): \\?"(CustomError|Renamed)\\?", /g, "")
            .replaceAll(/(["'])(CustomError|Renamed)\1/g, "$1Error$1")
            .replaceAll(/(CustomError|Renamed): /g, "Error: ")
            .replaceAll("stack,message,name;", "stack,message;")
        : text,
  },
  {
    entry: "arrives as a `DOMException`",
    explains: ({ program: { kind } }) => kind.name === "a DOMException",
  },
  {
    entry: "a `File`",
    explains: ({ program: { kind } }) => kind.name === "a File",
  },
  {
    entry: "A `then` that can be called is dropped",
    explains: ({ program: { kind } }) => kind.name === "a thenable",
  },
  {
    entry: "`list[1].name` on a promise",
    explains: ({ program: { place } }) => place.name === "element of a list, on its promise",
  },
  {
    entry: "a method returns a stub that was its argument",
    explains: ({ program: { place, kind } }) => place.name === "echo" && HELD.includes(kind),
  },
  {
    entry: "a value that can't travel, given by an asynchronous method or a local promise",
    explains: ({ program: { place, kind } }) =>
      place.name === "echo" && kind.name === "an object whose getter throws",
  },
  {
    entry: "a value that can't travel, given by an asynchronous method or a local promise",
    rewrite: (text) =>
      /^unhandled RangeError: (the getter threw|Maximum call stack)/.test(text) ? "" : text,
  },
  {
    entry: "an object that contains itself, where it is a part of a result",
    rewrite: (text, { kind }) =>
      kind.name === "a cycle"
        ? text
            .replaceAll("RangeError RangeError: Maximum call stack size exceeded", "TOO DEEP")
            .replaceAll(/(["'])RangeError\1, ?\1Maximum call stack size exceeded\1/g, "TOO DEEP")
            .replaceAll(/Error Error: Serialization exceeded [^)]*\)/g, "TOO DEEP")
            .replaceAll(/(["'])Error\1, ?\1Serialization exceeded [^)]*\)\1/g, "TOO DEEP")
        : text,
  },
  {
    entry: "a path into a value that can't travel as a whole",
    explains: ({ program: { kind, operation } }) =>
      /^(an object whose getter throws|a cycle|260 levels)$/.test(kind.name) &&
      operation.name !== "await",
  },
  {
    entry: "a `map()` of which an element failed, awaited again",
    explains: ({ program: { place, operation }, reference }) =>
      /output of a map/.test(place.name) &&
      /twice|then, catch/.test(operation.name) &&
      textOf(reference).includes("RpcPromise(throws"),
  },
  {
    entry: "a property that isn't enumerable",
    explains: ({ program: { kind, operation } }) =>
      kind.name === "arguments" && operation.name === "properties",
  },
  {
    entry: "a value that is nested too deep",
    explains: ({ program: { kind }, ours }) =>
      kind.name === "260 levels" && textOf(ours).includes("Serialization exceeded"),
  },
  {
    entry: "a failing promise in an error, or that no one asks for",
    rewrite: (text) => (/^unhandled (RangeError: target failed|TypeError: rejected)$/.test(text) ? "" : text),
  },
  {
    entry: "an error that has a stub, a stream or a `Blob` in it",
    explains: ({ program: { place }, ours }) =>
      /thrown|error/.test(place.name) && textOf(ours).includes("in this context. Errors can't"),
  },
  {
    entry: "an error that has a stub, a stream or a `Blob` in it",
    explains: ({ program: { place, kind } }) =>
      /^(cause|property of an error)$/.test(place.name) && kind.name === "a Blob",
  },
  {
    entry: "a function of another kind",
    explains: ({ program: { kind } }) => kind.name === "a class",
  },
  {
    entry: "an error whose message is no text, or whose name throws",
    explains: ({ program: { kind } }) =>
      /^an error whose (message is no text|name throws)/.test(kind.name),
  },
];
