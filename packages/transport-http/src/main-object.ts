import { RpcPromise, type RpcSessionOptions, RpcStub, type RpcTarget } from "@capnweb/core";
import { reportError } from "@capnweb/core/server";
import type { Exchange } from "./exchange.ts";

/** The origin of a batch's main object. Exactly one of the methods is called, once. */
export interface MainSource {
  /** Makes the main object, or a promise of it. */
  make(): unknown;
  /** Called if the batch is refused and needs no main object. */
  discard(): void;
}

/** A main object that the caller made for the batch. The batch owns it. */
export function givenMain(main: unknown, onError: RpcSessionOptions["onError"]): MainSource {
  // The promise may reject before the request has been read. A rejection that is handled only after
  // that would end the process.
  if (isPromise(main)) main.then(undefined, () => {});
  return { make: () => main, discard: () => disposeMain(main, onError) };
}

/** A main object that is made once the request has been read. */
export function madeMain(createMain: () => unknown): MainSource {
  return { make: createMain, discard() {} };
}

/**
 * Waits for the main object.
 *
 * @throws the reason of a promise that rejects, or of the exchange's end. A main object that
 *   arrives after the end is disposed of
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
    // Disposes of it in the same way as a session would.
    else if (main !== undefined) new RpcStub(main as RpcTarget)[Symbol.dispose]();
  } catch (error) {
    report(error);
  }
}

/** Tells a promise of a main object from one of our stubs, which can itself be a main object. */
function isPromise(main: unknown): main is PromiseLike<unknown> {
  if (main instanceof RpcStub || main instanceof RpcPromise) return false;
  return typeof (main as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}
