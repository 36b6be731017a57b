import { type BrokenListener, callListeners } from "../broken-listener.ts";
import type { ErrorHook } from "../model/hook.ts";
import type { ErrorListener } from "../report.ts";
import type { EndedBy } from "./ending.ts";

/** The life of a session: whether it is over, and the listeners for its end. */
export class Lifetime {
  readonly #giveUp: (failure: ErrorHook, by: EndedBy) => void;
  readonly #onError: ErrorListener | undefined;
  #over: ErrorHook | undefined;
  #silent: ErrorHook | undefined;
  #broken: Set<BrokenListener> | undefined;

  /**
   * @param giveUp gives up everything that the session has. Called once
   * @param onError receives the errors of listeners
   */
  constructor(
    giveUp: (failure: ErrorHook, by: EndedBy) => void,
    onError: ErrorListener | undefined,
  ) {
    this.#giveUp = giveUp;
    this.#onError = onError;
  }

  /** The reason for the end, once the session is over. */
  get over(): ErrorHook | undefined {
    return this.#over;
  }

  /** The reason why no more answers come, once the peer can't send anything. */
  get silent(): ErrorHook | undefined {
    return this.#silent;
  }

  /** Notes that the peer can't send any more. Calls that wait for an answer can't get one. */
  silence(failure: ErrorHook): void {
    this.#silent = failure;
  }

  /** Ends the session. Only the first call counts. */
  end(failure: ErrorHook, by: EndedBy): void {
    if (this.#over) return;
    this.#over = failure;
    this.#giveUp(failure, by);
  }

  /** Calls `listener` when the session ends. */
  onBroken(listener: BrokenListener): void {
    listener.reportTo(this.#onError);
    // Called back meanwhile, before the things that end with the session know.
    if (this.#over) listener.call(this.#over.error);
    else {
      this.#broken ??= new Set();
      listener.waitIn(this.#broken);
    }
  }

  /** Notes that `listener` now waits for something other than the session's end. */
  forgetBroken(listener: BrokenListener): void {
    listener.leave(this.#broken);
  }

  /** Calls the listeners, because the session is over with `failure`. */
  tellBroken(failure: ErrorHook): void {
    if (this.#broken) callListeners(this.#broken, () => failure.error);
  }
}
