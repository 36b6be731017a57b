import { type Exception, textOf } from "../compare.ts";

const refused = (what: string) => `Cannot serialize value: ${what}`;

/** Values that travel here, or arrive otherwise. */
export const values: readonly Exception[] = [
  {
    entry: "a native promise in an argument or result, or given by a getter",
    explains: ({ program: { kind }, reference }) =>
      kind.name.startsWith("a native promise") &&
      textOf(reference).includes(refused("[object Promise]")),
  },
  {
    entry: "an error whose name isn't built in (`AbortError`)",
    rewrite: (text) =>
      text
        .replaceAll(/name \(not enumerable\): "(CustomError|Renamed)", /g, "")
        .replaceAll("DOMException {", 'Error {message (not enumerable): "aborted", '),
  },
  {
    entry: "a method returns a stub that was its argument",
    explains: ({ program: { place }, reference }) =>
      place.name === "echo" &&
      /This Rpc(Import|Promise)Hook was already disposed|after it was disposed/.test(textOf(reference)),
  },
  {
    entry: "a result that can't travel, of an asynchronous method",
    rewrite: (text) => (/^unhandled RangeError: (the getter threw|Maximum call stack)/.test(text) ? "" : text),
  },
  {
    entry: "an error that has a stub, a stream or a `Blob` in it",
    rewrite: (text) => text,
    explains: ({ ours }) => textOf(ours).includes("Errors can't carry"),
  },
  {
    entry: "a function of another kind",
    explains: ({ program: { kind }, reference }) =>
      kind.name === "a class" && textOf(reference).includes(refused("class Made")),
  },
  {
    entry: "an error whose message is no text, or whose name throws",
    explains: ({ program: { kind }, ours }) =>
      /^an error whose (message is no text|name throws)/.test(kind.name) &&
      /Error \{message \(not enumerable\): "[5x]"/.test(textOf(ours)),
  },
  {
    entry: "a `File`",
    explains: ({ program: { kind }, reference }) =>
      kind.name === "a File" && textOf(reference).includes(refused("[object File]")),
  },
  {
    entry: "A `then` that can be called is dropped",
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "a thenable" &&
      textOf(reference).includes("thenable's value") &&
      !textOf(ours).includes("thenable's value"),
  },
  {
    entry: "`list[1].name` on a promise",
    explains: ({ program: { place }, reference }) =>
      place.name === "element of a list, on its promise" &&
      reference.serverSent.some((each) => each.includes('"resolve",2,["undefined"]')),
  },
];
