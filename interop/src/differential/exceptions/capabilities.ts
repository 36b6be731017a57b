import { capabilityKinds } from "../capabilities.ts";
import { type Exception, sameBut, textOf } from "../compare.ts";
import type { Program } from "../run.ts";

const isCapability = ({ kind }: Program) => capabilityKinds.includes(kind);

/** Differences in the fate of stubs and promises that are sent. */
export const capabilities: readonly Exception[] = [
  {
    entry: "a stub that was disposed of, in a result",
    example: ["await", "a disposed stub", "result"],
    explains: ({ program: { kind }, ours }) =>
      kind.name === "a disposed stub" &&
      /Attempted to use RPC stub after it has been disposed.|"export",-4/.test(textOf(ours)),
  },
  {
    entry: "one target in two places of a result",
    example: ["await", "one target twice", "result"],
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "one target twice" &&
      reference.disposals.length + reference.atEnd.length ===
        ours.disposals.length + ours.atEnd.length,
  },
  {
    entry: "in a `map()`, a stub or promise of the caller's is passed on",
    example: ["await", "a stub", "constant in a map()"],
    explains: ({ program }) =>
      program.place.name === "constant in a map()" && isCapability(program),
  },
  {
    entry: "A property that is a target with `dup()`",
    example: ["await", "a target with dup()", "property"],
    explains: ({ program: { kind, place }, reference, ours }) =>
      kind.name === "a target with dup()" &&
      /property|local/.test(place.name) &&
      textOf(reference).includes("original") &&
      textOf(ours).includes("duplicate"),
  },
  {
    entry: "a stub of the callee's own, passed back to it",
    example: ["pass on what was awaited", "a target", "result"],
    explains: ({ program: { operation }, reference }) =>
      operation.name.startsWith("pass on") &&
      /Tried to resolve a non-promise stub|RpcPromise\(Object/.test(textOf(reference)),
  },
  {
    entry: "a promise or a `Blob` in a chunk",
    example: ["await", "an RpcPromise of data", "chunk of a result"],
    explains: ({ program: { kind, place } }) =>
      /chunk/.test(place.name) &&
      /^(a property|a call|a failing call|an RpcPromise|a Blob)/.test(kind.name),
  },
  {
    entry: "Duplicating a promise sends no message",
    example: ["dup()", "an object", "result"],
    explains: ({ program: { operation }, reference, ours }) =>
      /^\["push",\["pipeline",\d+,\[\]\]\]$/m.test(textOf(reference)) &&
      /dup\(\)|^pass on/.test(operation.name) &&
      String(reference.seen) === String(ours.seen),
  },
  {
    entry: "and throws it at the call; here the call's promise rejects",
    example: [
      "call later, without waiting",
      "a target",
      "argument of a method that returns at once",
    ],
    explains: ({ program, ours }) =>
      program.operation.name === "call later, without waiting" &&
      isCapability(program) &&
      ours.seen.some((each) => each.endsWith('"called"')),
  },
  {
    entry: "`map()` over a stub of a target",
    example: ["map()", "a target", "argument"],
    explains: ({ program }) => program.operation.name === "map()" && isCapability(program),
  },
  {
    entry: "`map()` over a stub of an object",
    example: ["map()", "an object", "local stub"],
    explains: ({ program: { operation, place } }) =>
      operation.name === "map()" && place.name === "local stub",
  },
  {
    entry: "A promise of a property of a local stub is sent as the value",
    example: ["await", "a property of a stub", "result"],
    explains: ({ program: { kind }, reference, ours }) =>
      kind.name === "a property of a stub" && String(reference.seen) === String(ours.seen),
  },
  {
    entry: "a function under a key that is dropped (`toJSON`), in the value of a promise",
    example: ["await", "an object with toJSON", "output of a map()"],
    explains: ({ program: { kind, place }, reference, ours }) =>
      kind.name === "an object with toJSON" &&
      /output of a map|RpcPromise/.test(place.name) &&
      String(reference.seen) === String(ours.seen),
  },
  {
    entry: "a function under a key that is dropped (`toJSON`), anywhere else",
    example: ["await", "an object with toJSON", "result"],
    explains: (difference) =>
      difference.program.kind.name === "an object with toJSON" &&
      sameBut(difference, ["clientSent", "serverSent", "tables"]),
  },
  {
    entry: "a part of it that is given up disposes of its target",
    example: ["dup()", "a target", "local stub of an object"],
    explains: (difference) =>
      difference.program.place.name.startsWith("local") &&
      isCapability(difference.program) &&
      sameBut(difference, ["disposals", "atEnd"]),
  },
  {
    entry: "a part that is awaited twice is one",
    example: ["then, catch, finally", "an RpcPromise of data", "local stub of an object"],
    explains: ({ program }) =>
      program.place.name.startsWith("local") &&
      isCapability(program) &&
      /^(then, catch|call, then dispose)/.test(program.operation.name),
  },
  {
    entry: "an object without a prototype has a disposer",
    example: ["await", "a null-prototype object", "local promise"],
    explains: ({ program: { kind, place } }) =>
      kind.name === "a null-prototype object" && place.name.startsWith("local"),
  },
];
