import { capabilityKinds } from "../capabilities.ts";
import { type Exception, sameBut, textOf } from "../compare.ts";

/** Stubs and promises, and when they are disposed of. */
export const capabilities: readonly Exception[] = [
  {
    entry: "`getStats()` after the end of a session",
    adjust(difference) {
      const { tables } = difference.ours;
      if (!/^\[{"imports":0,"exports":0},{"imports":0,"exports":0}\]$/.test(tables)) return difference;
      return { ...difference, reference: { ...difference.reference, tables } };
    },
  },
  {
    entry: "`JSON.stringify` of a stub",
    explains: ({ program: { operation }, reference, ours }) =>
      operation.name === "JSON.stringify" &&
      String(reference.seen) === String(ours.seen) &&
      /"toJSON"\],\[".*"\]/.test(textOf(reference)),
  },
  {
    entry: "`Object.freeze` of a stub",
    rewrite: (text) => text.replaceAll(/trap returned (truish|falsish)[^";]*/g, "trap returned NO"),
  },
  {
    entry: "`onRpcBroken` of a stub that was disposed of",
    explains: ({ program: { operation }, ours }) =>
      operation.name === "onRpcBroken" &&
      ours.events.some((each) => each.includes("after it was disposed")),
  },
  {
    entry: "the result of `onRpcBroken`",
    rewrite: (text, { operation }) =>
      operation.name === "onRpcBroken"
        ? text.replaceAll(/(^|; )"(undefined|function)"(;|$)/g, '$1"EITHER"$3')
        : text,
  },
  {
    entry: "a stub that was disposed of, in a result",
    explains: ({ program: { kind }, ours }) =>
      kind.name === "a disposed stub" &&
      /Attempted to use RPC stub after it has been disposed.|"export",-4/.test(textOf(ours)),
  },
  {
    entry: "one target in two places of a result",
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "one target twice" &&
      reference.disposals.length + reference.atEnd.length ===
        ours.disposals.length + ours.atEnd.length,
  },
  {
    entry: "in a `map()`, a stub or promise of the caller's is passed on",
    explains: ({ program: { place, kind } }) =>
      place.name === "constant in a map()" && capabilityKinds.includes(kind),
  },
  {
    entry: "a property that is a target with `dup()`",
    explains: ({ program: { kind, place }, reference, ours }) =>
      kind.name === "a target with dup()" &&
      /property|local/.test(place.name) &&
      textOf(reference).includes("original") &&
      textOf(ours).includes("duplicate"),
  },
  {
    entry: "a promise of a promise, duplicated in a `map()` or called, at the end of the session",
    explains: (difference) =>
      capabilityKinds.includes(difference.program.kind) && sameBut(difference, ["atEnd"]),
  },
  {
    entry: "a stub of the callee's own, passed back to it",
    explains: ({ program: { operation }, reference }) =>
      /^pass on/.test(operation.name) &&
      /Tried to resolve a non-promise stub|RpcPromise\(Object/.test(textOf(reference)),
  },
  {
    entry: "a promise in a chunk",
    explains: ({ program: { kind, place } }) =>
      /chunk/.test(place.name) && /^(a property|a call|a failing call|an RpcPromise)/.test(kind.name),
  },
  {
    entry: "Duplicating a promise sends no message",
    explains: (difference) =>
      /^\["push",\["pipeline",\d+,\[\]\]\]$/m.test(textOf(difference.reference)) &&
      sameBut(difference, ["clientSent", "serverSent", "tables"]),
  },
  {
    entry: "`map()` over a stub",
    explains: ({ program: { kind, operation } }) =>
      operation.name === "map()" && capabilityKinds.includes(kind),
  },
  {
    entry: "`map()` over a stub",
    explains: ({ program: { kind, operation, place } }) =>
      operation.name === "map()" &&
      place.name === "local stub" &&
      !capabilityKinds.includes(kind),
  },
  {
    entry: "a part of a local stub that is given up",
    explains: (difference) =>
      /^local/.test(difference.program.place.name) &&
      capabilityKinds.includes(difference.program.kind) &&
      sameBut(difference, ["disposals", "atEnd"]),
  },
  {
    entry: "a local stub or promise that is awaited, or given up, more than once",
    explains: ({ program: { kind, place, operation } }) =>
      /^local/.test(place.name) &&
      capabilityKinds.includes(kind) &&
      /^(then, catch|call, then dispose)/.test(operation.name),
  },
  {
    entry: "an object without a prototype, in a local stub or promise",
    explains: ({ program: { kind, place } }) =>
      kind.name === "a null-prototype object" && /^local/.test(place.name),
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
      /output of a map|RpcPromise/.test(place.name) &&
      String(reference.seen) === String(ours.seen),
  },
  {
    entry: "`Object.prototype.toString` of a stub",
    rewrite: (text, { operation }) =>
      operation.name === "inspect"
        ? text.replaceAll(/; ; \[object (Function|RpcStub|RpcPromise)\]; false/g, "; ; [object A STUB]; false")
        : text,
  },
  {
    entry: "the disposer of a property's promise",
    rewrite: (text, { operation }) =>
      operation.name === "inspect"
        ? text.replaceAll(/function; true; true; (true|false); ;/g, "function; true; true; EITHER; ;")
        : text,
  },
  {
    entry: "a stub made of a property's promise",
    rewrite: (text, { kind, place }) => {
      if (kind.name === "a property of a stub") return text.replaceAll(/'inner\.?/g, "'");
      if (/^local.*(object|holder)$/.test(place.name)) return text.replaceAll(/'in\.a\.?/g, "'");
      return text;
    },
  },
];
