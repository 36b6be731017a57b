import { capabilityKinds } from "../capabilities.ts";
import { type Exception, textOf } from "../compare.ts";
import { mediaKinds } from "../media.ts";

/** Kinds of values that a method loses when its call ends. */
const HELD = [...capabilityKinds, ...mediaKinds];

const TOO_DEEP = /^(an object whose getter throws|a cycle|260 levels)$/;

/** Values that can be sent only here, or that arrive differently. */
export const values: readonly Exception[] = [
  {
    entry: "a native promise in an argument or result, or given by a getter",
    example: ["await", "a native promise", "argument"],
    explains: ({ program: { kind }, reference }) =>
      kind.name.startsWith("a native promise") || textOf(reference).includes("[object Promise]"),
  },
  {
    entry: "a `File`",
    example: ["await", "a File", "result"],
    explains: ({ program: { kind } }) => kind.name === "a File",
  },
  {
    entry: "A `then` that can be called is dropped",
    example: ["await", "a thenable", "argument"],
    explains: ({ program: { kind } }) => kind.name === "a thenable",
  },
  {
    entry: "`list[1].name` on a promise",
    example: ["await", "text", "element of a list, on its promise"],
    explains: ({ program: { place } }) => place.name === "element of a list, on its promise",
  },
  {
    entry: "a method returns a stub that was its argument",
    example: ["await", "a target", "echo"],
    explains: ({ program: { place, kind } }) => place.name === "echo" && HELD.includes(kind),
  },
  {
    entry: "a value whose getter throws, or that contains itself, given by a method or promise",
    example: ["await", "an object whose getter throws", "result"],
    rewrite: (text) =>
      /^unhandled RangeError: (the getter threw|Maximum call stack)/.test(text) ? "" : text,
    explains: ({ program: { place, kind } }) =>
      place.name === "echo" && kind.name === "an object whose getter throws",
  },
  {
    entry: "for a cycle, the error of a stack overflow",
    example: ["await", "a cycle", "result"],
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
    entry: "A path into a value fails if the value contains itself, is nested more than 256 deep",
    example: ["properties", "a cycle", "result"],
    explains: ({ program: { kind, operation } }) =>
      TOO_DEEP.test(kind.name) && operation.name !== "await",
  },
  {
    entry: "The reference follows the path, also in local promises",
    example: ["await", "260 levels", "local promise"],
    explains: ({ program: { kind }, ours }) =>
      kind.name === "260 levels" && textOf(ours).includes("Serialization exceeded"),
  },
  {
    entry: "Properties that aren't enumerable",
    example: ["properties", "arguments", "result"],
    explains: ({ program: { kind, operation } }) =>
      kind.name === "arguments" && operation.name === "properties",
  },
  {
    entry: "a `map()` with a failed element, awaited again",
    example: ["await twice", "a Map", "output of a map()"],
    explains: ({ program: { place, operation }, reference }) =>
      /output of a map/.test(place.name) &&
      /twice|then, catch/.test(operation.name) &&
      textOf(reference).includes("RpcPromise(throws"),
  },
  {
    entry: "a function whose prototype isn't `Function.prototype`",
    example: ["await", "a class", "argument"],
    explains: ({ program: { kind } }) => kind.name === "a class",
  },
];
