import { type Exception, textOf } from "../compare.ts";

const refused = (what: string) => `Cannot serialize value: ${what}`;

/** Values that travel here, or arrive otherwise. */
export const values: readonly Exception[] = [
  {
    entry: "a native promise in an argument or result, or given by a getter",
    explains: ({ program: { kind } }) => kind.name.startsWith("a native promise"),
  },
  {
    entry: "an error whose name isn't built in (`AbortError`)",
    rewrite: (text) =>
      text
        .replaceAll(/name \(not enumerable\): "(CustomError|Renamed)", /g, "")
        .replaceAll("DOMException {", 'Error {message (not enumerable): "aborted", ')
        .replaceAll(/\["error","(CustomError|Renamed|AbortError)"/g, '["error","Error"'),
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
    explains: ({ program: { place }, reference }) =>
      place.name === "echo" &&
      /This Rpc(Import|Promise)Hook was already disposed|after it was disposed/.test(
        textOf(reference),
      ),
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
            .replaceAll('"RangeError","Maximum call stack size exceeded"', '"TOO","DEEP"')
            .replaceAll(/Error Error: Serialization exceeded [^)]*\)/g, "TOO DEEP")
            .replaceAll(/"Error","Serialization exceeded [^)]*\)"/g, '"TOO","DEEP"')
        : text,
  },
  {
    entry: "a value that is nested too deep",
    explains: ({ program: { kind }, ours }) =>
      kind.name === "260 levels" && textOf(ours).includes("Serialization exceeded"),
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
