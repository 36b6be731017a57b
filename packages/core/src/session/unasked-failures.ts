import { afterAwaits } from "../after-awaits.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import type { RpcSessionOptions } from "./options.ts";

type OnSendError = NonNullable<RpcSessionOptions["onSendError"]>;

/**
 * Calls an application's `onSendError` for failures of calls whose results the peer doesn't ask
 * for: once per error, whether or not the peer asks for it later.
 */
export class UnaskedFailures {
  readonly #onSendError: OnSendError;
  /** Errors that were sent. */
  readonly #sent = new WeakSet<Error>();
  /** The replacements of errors that the application was told about before they were sent. */
  readonly #replacements = new WeakMap<Error, Error | void>();

  readonly #onResult = (result: StubHook) => this.#came(result);

  /** @param listener receives the error of an `onSendError` that throws */
  constructor(onSendError: OnSendError, listener: ErrorListener | undefined) {
    this.#onSendError = guarded(onSendError, listener);
  }

  /** Asks the application about an error that is about to be sent. */
  sending(error: Error): Error | void {
    this.#sent.add(error);
    if (!this.#replacements.has(error)) return this.#onSendError(error);
    const replacement = this.#replacements.get(error);
    this.#replacements.delete(error);
    return replacement;
  }

  /**
   * Watches a result, which the peer may ask for.
   *
   * @param isCall whether it is the result of a call, and not a reference
   */
  watch(hook: StubHook, isCall: boolean): void {
    // A call may fail after the peer has given up its result.
    if (isCall || !(hook instanceof PromiseHook)) hook.whenSettled(this.#onResult);
    else hook.whileHeld(this.#onResult);
  }

  #came(hook: StubHook): void {
    if (!(hook instanceof ErrorHook)) return;
    const { error } = hook;
    if (!isError(error)) return;
    // Most results are asked for in the same turn.
    afterAwaits(() => {
      if (this.#sent.has(error) || this.#replacements.has(error)) return;
      this.#replacements.set(error, this.#onSendError(error));
    });
  }
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    // A proxy that doesn't let itself be looked at.
    return false;
  }
}

/** Reports an `onSendError` that fails. Its own error is then hidden. */
function guarded(onSendError: OnSendError, listener: ErrorListener | undefined): OnSendError {
  return (error) => {
    let sent: Error | void = new Error("The error is withheld.");
    const ask = () => {
      sent = onSendError(error);
      return sent;
    };
    runCallback("onSendError", ask, listener);
    return sent;
  };
}
