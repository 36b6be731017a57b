import { RpcPromise, type RpcSessionOptions, RpcStub, type RpcTarget } from "@capnweb/core";
import { reportError } from "@capnweb/core/server";
import type { Exchange } from "./exchange.ts";

/** Where a batch's main object comes from. Exactly one of the methods is called, once. */
export interface MainSource {
  /** Makes the main object, or a promise of it. */
  make(): unknown;
  /** The batch was refused, and needs no main object. */
  discard(): void;
}

/** A main object that was made for the batch, which owns it. */
export function givenMain(main: unknown, onError: RpcSessionOptions["onError"]): MainSource {
  // It may reject before the request has been read, and a rejection that is handled only then ends
  // the process.
  if (isPromise(main)) main.then(undefined, () => {});
  return { make: () => main, discard: () => disposeMain(main, onError) };
}

/** A main object that is made when the request has been read. */
export function madeMain(createMain: () => unknown): MainSource {
  return { make: createMain, discard() {} };
}

/**
 * The main object, which may take a while.
 *
 * @throws the reason of a promise that rejects, or of the exchange's end. A main object that is
 *   there only after that is disposed of
 */
export function settledMain(
  main: unknown,
  exchange: Exchange,
  onError: RpcSessionOptions["onError"],
): unknown {
  if (!isPromise(main)) return main;
  return new Promise((resolve, reject) => {
    exchange.onInterrupt((reason) => {
      reject(reason);
      disposeMain(main, onError);
    });
    main.then((value) => {
      if (!exchange.reason) resolve(value);
    }, reject);
  });
}

function disposeMain(main: unknown, onError: RpcSessionOptions["onError"]): void {
  const report = (error: unknown) => reportError(error, onError);
  try {
    if (isPromise(main)) main.then((value) => disposeMain(value, onError)).then(undefined, report);
    // As a session would.
    else if (main !== undefined) new RpcStub(main as RpcTarget)[Symbol.dispose]();
  } catch (error) {
    report(error);
  }
}

/**
 * Whether `main` is a promise of a main object, rather than one of ours, which can be one itself.
 */
function isPromise(main: unknown): main is PromiseLike<unknown> {
  if (main instanceof RpcStub || main instanceof RpcPromise) return false;
  return typeof (main as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}
