/**
 * The origin of an error that no caller can be told about:
 *
 * - `onSendError`, `onRpcBroken`, `onLimit`, `onLostError`, `onSession`, `onMessage`: the callback
 *   of that name threw, or its promise rejected; `onRpcBroken` includes the callbacks of
 *   `session.onClose`
 * - `dispose`: a target's `[Symbol.dispose]()` threw
 * - `createMain`: the promise of a session's main object rejected
 * - `transport`: the transport failed to close
 * - `observer`: code that observes sessions failed, such as a logger or a function that redacts
 * - `server`: a callback of a server's options failed before there was a session
 * - `internal`: this library failed. Please report such an error
 */
export type ErrorSource =
  | "onSendError"
  | "onRpcBroken"
  | "onLimit"
  | "onLostError"
  | "onSession"
  | "onMessage"
  | "dispose"
  | "createMain"
  | "transport"
  | "observer"
  | "server"
  | "internal";

/** Facts about a reported error, by which logs can sort. */
export interface ErrorInfo {
  /** The origin of the error. */
  readonly source: ErrorSource;
}

/** Receives errors that no caller can be told about; see `RpcSessionOptions.onError`. */
export type ErrorListener = (error: unknown, info: ErrorInfo) => void;

/**
 * Reports an error that no caller can be told about. Never throws: an error of the listener goes to
 * the console, and an error of the console is dropped.
 *
 * @param listener default: `console.error`, if there is a console
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
    reportToConsole(error, source);
    return;
  }
  const toConsole = (failure: unknown) => reportToConsole(failure, source);
  contain(() => listener(error, { source }), toConsole);
}

/**
 * Runs an application's callback whose errors no caller can catch. Reports a throw, and the
 * rejection of a promise that an asynchronous callback returns, so that neither ends the process.
 *
 * @returns the callback's result; `undefined` if it threw
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
    // Not any thenable, because asking a promise of ours would fetch its value.
    if (result instanceof Promise) result.then(undefined, onFailure);
    return result;
  } catch (error) {
    onFailure(error);
    return undefined;
  }
}

/** Prints an error. Printing inspects it, and so may fail itself. */
function reportToConsole(error: unknown, source: ErrorSource): void {
  try {
    // Some runtimes, and some runtimes' types, lack a console.
    const { console } = globalThis as { console?: { error(...data: unknown[]): void } };
    console?.error(`Uncaught error in RPC (${source}):`, error);
  } catch {
    // No place is left to report this error to.
  }
}
