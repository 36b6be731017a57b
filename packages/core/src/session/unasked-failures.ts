import { isInstance } from "@capnweb/wire/internal";
import { afterAwaits } from "../after-awaits.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import { Watch } from "../promise/deferred.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import { afterInput } from "../turns/turns.ts";
import type { RpcSessionOptions } from "./options.ts";

/** The callbacks of an application that hear of such failures. */
export type UnaskedListeners = Pick<RpcSessionOptions, "onSendError" | "onLostError">;

/** The session's exports, as far as the peer has asked for them. */
interface AskedExports {
  /** The facts about an export; `undefined` if the peer has given it up. */
  entry(id: number): { readonly pulled: boolean } | undefined;
}

/**
 * Tells an application of the failures of calls whose results the peer hasn't asked for: by
 * `onSendError` once per error, whether or not the peer asks for it later, and by `onLostError`.
 */
export class UnaskedFailures {
  readonly #onSendError: UnaskedListeners["onSendError"];
  readonly #onLostError: UnaskedListeners["onLostError"];
  readonly #onError: ErrorListener | undefined;
  readonly #exports: AskedExports;
  /**
   * The errors that the application was asked about. Each has the answer until it is sent, and
   * `undefined` from then on.
   */
  readonly #asked = new WeakMap<Error, { readonly replacement: Error | void } | undefined>();

  /** @param onError receives the errors of listeners that throw */
  constructor(
    { onSendError, onLostError }: UnaskedListeners,
    onError: ErrorListener | undefined,
    exports: AskedExports,
  ) {
    this.#onSendError = onSendError;
    this.#onLostError = onLostError;
    this.#onError = onError;
    this.#exports = exports;
  }

  /** Asks the application. If it fails, its own error is hidden, and reported. */
  #ask(error: Error): Error | void {
    const onSendError = this.#onSendError!;
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
   * @param id the id of the export
   */
  watch(hook: StubHook, isCall: boolean, id: number): void {
    // A call may fail after the peer has given up its result.
    if (isCall || !(hook instanceof PromiseHook)) {
      hook.whenSettled((settled) => this.came(settled, id));
    } else hook.whileHeld(new FailureWatch(this, id));
  }

  /** Notes that the result exported as `id` is there. */
  came(hook: StubHook, id: number): void {
    if (!(hook instanceof ErrorHook)) return;
    const { error } = hook;
    // Most results are asked for in the same turn.
    afterAwaits(() => {
      if (this.#onSendError && isInstance(error, Error) && !this.#asked.has(error)) {
        this.#asked.set(error, { replacement: this.#ask(error) });
      }
    });
    // The message that asks for it may follow in another frame.
    if (!this.#onLostError) return;
    const entry = this.#exports.entry(id);
    afterInput(() => {
      if (!entry?.pulled) this.#lost(error, id);
    });
  }

  #lost(error: unknown, id: number): void {
    const onLostError = this.#onLostError!;
    runCallback("onLostError", () => onLostError(error, id), this.#onError);
  }
}

/** Tells of a result that is a reference. */
class FailureWatch extends Watch {
  readonly #failures: UnaskedFailures;
  readonly #id: number;

  constructor(failures: UnaskedFailures, id: number) {
    super();
    this.#failures = failures;
    this.#id = id;
  }

  protected override came(hook: StubHook): void {
    this.#failures.came(hook, this.#id);
  }
}
