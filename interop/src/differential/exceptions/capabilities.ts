import { type Exception, textOf } from "../compare.ts";

/** Stubs and promises, and when they are disposed of. */
export const capabilities: readonly Exception[] = [
  {
    entry: "a stub that was disposed of, in a result",
    explains: ({ program: { kind }, ours }) =>
      kind.name === "a disposed stub" &&
      textOf(ours).includes("Attempted to use RPC stub after it has been disposed."),
  },
  {
    entry: "one target in two places of a result",
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "one target twice" &&
      reference.disposals.length > ours.disposals.length &&
      reference.disposals.length + reference.atEnd.length ===
        ours.disposals.length + ours.atEnd.length,
  },
  {
    entry: "in a `map()`, a stub or promise of the caller's is passed on",
    explains: ({ program: { place }, reference, ours }) =>
      place.name === "constant in a map()" &&
      reference.disposals.length > 0 &&
      ours.disposals.length === 0,
  },
  {
    entry: "a property that is a target with `dup()`",
    explains: ({ program: { kind, place }, reference, ours }) =>
      kind.name === "a target with dup()" &&
      /property|local/.test(place.name) &&
      textOf(reference).includes('"original"') &&
      textOf(ours).includes('"duplicate"'),
  },
  {
    entry: "a promise in a chunk",
    explains: ({ program: { kind, place } }) =>
      /chunk/.test(place.name) && /^(a property|a call|a failing call|an RpcPromise)/.test(kind.name),
  },
  {
    entry: "a promise of a property of a local stub",
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "a property of a stub" && String(reference.seen) === String(ours.seen),
  },
  {
    entry: "a function under a key that is dropped",
    explains: ({ program: { kind, place }, reference, ours }) =>
      kind.name === "an object with toJSON" &&
      /output of a map/.test(place.name) &&
      reference.tables > ours.tables,
  },
  {
    entry: "a stub made of a property's promise",
    rewrite: (text, { kind, place }) =>
      kind.name === "a property of a stub" && place.name === "local stub"
        ? text.replaceAll("'inner' is not a function", "'' is not a function")
        : text,
  },
];
