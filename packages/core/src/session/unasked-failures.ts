import { isInstance } from "@capnweb/wire/internal";
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
  readonly #onError: ErrorListener | undefined;
  /**
   * The errors that the application was asked about. Each has the answer until it is sent, and
   * `undefined` from then on.
   */
  readonly #asked = new WeakMap<Error, { readonly replacement: Error | void } | undefined>();

  /** @param onError receives the error of an `onSendError` that throws */
  constructor(onSendError: OnSendError, onError: ErrorListener | undefined) {
    this.#onSendError = onSendError;
    this.#onError = onError;
  }

  /** Asks the application. If it fails, its own error is hidden, and reported. */
  #ask(error: Error): Error | void {
    const onSendError = this.#onSendError;
    let sent: Error | void = new Error("The error is withheld.");
    const ask = () => {
      sent = onSendError(error);
      return sent;
    };
    runCallback("onSendError", ask, this.#onError);
    return sent;
  }

  /** Asks the application about an error that is about to be sent. */
  sending(error: Error): Error | void {
    const asked = this.#asked.get(error);
    this.#asked.set(error, undefined);
    return asked ? asked.replacement : this.#ask(error);
  }

  /**
   * Watches a result, which the peer may ask for.
   *
   * @param isCall whether it is the result of a call, and not a reference
   */
  watch(hook: StubHook, isCall: boolean): void {
    // A call may fail after the peer has given up its result.
    if (isCall || !(hook instanceof PromiseHook)) hook.whenSettled(this.#came);
    else hook.whileHeld(this.#came);
  }

  readonly #came = (hook: StubHook) => {
    if (!(hook instanceof ErrorHook)) return;
    const { error } = hook;
    if (!isInstance(error, Error)) return;
    // Most results are asked for in the same turn.
    afterAwaits(() => {
      if (!this.#asked.has(error)) this.#asked.set(error, { replacement: this.#ask(error) });
    });
  };
}
