import { RpcStub } from "@capnweb/core";
import { turn } from "../sequence.ts";
import { indexOf, makeBad, makeError } from "./hostile-values.ts";
import type { Ledger } from "./ledger.ts";

type Maker = (ledger: Ledger, which: unknown) => unknown;

const MAKERS: readonly Maker[] = [
  (ledger) => [Promise.resolve(1), Promise.resolve([Promise.resolve(ledger.target())])],
  (ledger, which) => ({ fails: Promise.reject(makeError(which)), target: ledger.target() }),
  (ledger) => ({ hangs: ledger.hang(), target: ledger.target(), soon: Promise.resolve(1) }),
  () => {
    const promise = Promise.resolve({ x: 1 });
    return [promise, [promise]];
  },
  (ledger, which) => ({ bad: Promise.resolve(makeBad(which)), target: ledger.target() }),
  (ledger) => ({ x: turn().then(() => ({ target: ledger.target(), y: turn() })) }),
  (ledger, which) => ({
    x: turn().then(() => {
      throw makeError(which);
    }),
    y: Promise.resolve(ledger.target()),
  }),
  (ledger) => Promise.resolve(Promise.resolve(ledger.target())),
  (ledger) => ({ f: Promise.resolve(() => ledger.target()) }),
];

/** A result of the application that contains platform promises. */
export function promisesOf(which: unknown, ledger: Ledger): unknown {
  const index = indexOf(which, MAKERS.length + 1);
  if (index === MAKERS.length) return { stub: Promise.resolve(new RpcStub(ledger.target())) };
  return MAKERS[index]!(ledger, which);
}

/** An argument that contains platform promises. Stubs that they resolve to stay the caller's. */
export function promisesToLend(which: unknown, ledger: Ledger): unknown {
  const index = indexOf(which, MAKERS.length + 1);
  if (index < MAKERS.length) return MAKERS[index]!(ledger, which);
  return { stub: Promise.resolve(ledger.kept(new RpcStub(ledger.target()))) };
}
