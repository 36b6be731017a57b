/**
 * The place where an error arose that no caller can be told of:
 * - `onSendError`, `onRpcBroken`, `onLimit`, `onSession`, `onMessage`: the callback of that name
 *   threw, or its promise rejected; `onRpcBroken` stands for those of `session.onClose` as well
 * - `dispose`: a target's `[Symbol.dispose]()` did
 * - `createMain`: the promise of a session's main object rejected
 * - `transport`: the transport failed to close
 * - `server`: a callback of a server's options failed, before there was a session
 * - `internal`: this library failed. Please report such an error
 */
export type ErrorSource =
  | "onSendError"
  | "onRpcBroken"
  | "onLimit"
  | "onSession"
  | "onMessage"
  | "dispose"
  | "createMain"
  | "transport"
  | "server"
  | "internal";

/** Facts about a reported error, for logs that sort by them. */
export interface ErrorInfo {
  readonly source: ErrorSource;
}

/** Receives errors that no caller can be told of; see `RpcSessionOptions.onError`. */
export type ErrorListener = (error: unknown, info: ErrorInfo) => void;

/**
 * Reports an error that no caller can be told of. Never throws: an error of the listener itself
 * goes to the console, and one of the console nowhere.
 *
 * @param listener default: `console.error`, where there is a console
 *
 * @example
 * ```ts
 * try {
 *   session = startSession(transport, createMain(), options);
 * } catch (error) {
 *   reportError(error, "createMain", options.onError);
 * }
 * ```
 */
export function reportError(
  error: unknown,
  source: ErrorSource,
  listener?: ErrorListener | undefined,
): void {
  if (!listener) {
    reportToConsole(error, { source });
    return;
  }
  const toConsole = (failure: unknown) => reportToConsole(failure, { source });
  contain(() => listener(error, { source }), toConsole);
}

/**
 * Runs an application's callback from which no caller can catch. A throw is reported, and so is the
 * rejection of a promise that an asynchronous callback returns; neither ends the process.
 *
 * @returns the callback's result, `undefined` if it threw
 */
export function runCallback<T>(
  source: ErrorSource,
  callback: () => T,
  listener: ErrorListener | undefined,
): T | undefined {
  return contain(callback, (error) => reportError(error, source, listener));
}

function contain<T>(callback: () => T, onFailure: (error: unknown) => void): T | undefined {
  try {
    const result = callback();
    // Not any thenable: asking a promise of ours would fetch its value.
    if (result instanceof Promise) result.then(undefined, onFailure);
    return result;
  } catch (error) {
    onFailure(error);
    return undefined;
  }
}

/** Prints an error. Printing looks at it, and so may fail itself. */
function reportToConsole(error: unknown, { source }: ErrorInfo): void {
  try {
    // Not every runtime's types, nor every runtime, have a console.
    const { console } = globalThis as { console?: { error(...data: unknown[]): void } };
    console?.error(`Uncaught error in RPC (${source}):`, error);
  } catch {
    // There is nowhere left to report to.
  }
}
