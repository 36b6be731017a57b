import { type Exception, textOf } from "../compare.ts";

/** Differences in members of stubs and sessions that need no peer. */
export const members: readonly Exception[] = [
  {
    entry: "`getStats()` after the end of a session says that nothing is held",
    example: ["end before", "text", "result"],
    adjust(difference) {
      const { tables } = difference.ours;
      if (tables !== NOTHING || tables === difference.reference.tables) return difference;
      return { ...difference, reference: { ...difference.reference, tables } };
    },
  },
  {
    entry: "`JSON.stringify` of a stub",
    example: ["JSON.stringify", "a target", "argument"],
    explains: ({ program: { operation }, reference, ours }) =>
      operation.name === "JSON.stringify" &&
      String(reference.seen) === String(ours.seen) &&
      /"toJSON"\],\[".*"\]/.test(textOf(reference)),
  },
  {
    entry: "the error of `Object.freeze` has other words",
    example: ["set, delete, define", "a target", "argument"],
    rewrite: (text) => text.replaceAll(/trap returned (truish|falsish)[^";]*/g, "trap returned NO"),
  },
  {
    entry: "`onRpcBroken` of a stub that was disposed of",
    example: ["onRpcBroken", "a target", "argument of a method that returns at once"],
    explains: ({ program: { operation }, ours }) =>
      operation.name === "onRpcBroken" &&
      ours.events.some((each) => each.includes("after it was disposed")),
  },
  {
    entry: "`onRpcBroken` returns a function that stops it",
    example: ["onRpcBroken", "a target", "result"],
    rewrite: (text, { operation }) =>
      operation.name === "onRpcBroken"
        ? text.replaceAll(/(^|; )"(undefined|function)"(;|$)/g, '$1"EITHER"$3')
        : text,
  },
  {
    entry: '`Object.prototype.toString` says "[object RpcStub]"',
    example: ["inspect", "a target", "argument"],
    rewrite: (text, { operation }) =>
      operation.name === "inspect"
        ? text.replaceAll(
            /; ; \[object (Function|RpcStub|RpcPromise)\]; false/g,
            "; ; A STUB; false",
          )
        : text,
  },
  {
    entry: "The promise of a property has a disposer, which does nothing",
    example: ["inspect", "text", "property"],
    rewrite: (text, { operation }) =>
      operation.name === "inspect"
        ? text.replaceAll(
            /function; true; true; (true|false); ;/g,
            "function; true; true; EITHER; ;",
          )
        : text,
  },
];

const NOTHING = '[{"imports":0,"exports":0},{"imports":0,"exports":0}]';
