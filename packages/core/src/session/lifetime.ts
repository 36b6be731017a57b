import { type BrokenListener, callListeners } from "../broken-listener.ts";
import type { ErrorHook } from "../model/hook.ts";
import type { ErrorListener } from "../report.ts";
import type { EndedBy } from "./ending.ts";

/** The life of a session: whether it is over, and the listeners that hear of its end. */
export class Lifetime {
  readonly #giveUp: (failure: ErrorHook, by: EndedBy) => void;
  readonly #onError: ErrorListener | undefined;
  #over: ErrorHook | undefined;
  #silent: ErrorHook | undefined;
  #broken: Set<BrokenListener> | undefined;

  /**
   * @param giveUp gives up everything that the session has; called once
   * @param onError told of listeners that fail
   */
  constructor(
    giveUp: (failure: ErrorHook, by: EndedBy) => void,
    onError: ErrorListener | undefined,
  ) {
    this.#giveUp = giveUp;
    this.#onError = onError;
  }

  /** The reason of the end, once the session is over. */
  get over(): ErrorHook | undefined {
    return this.#over;
  }

  /** The reason why no answer comes any more, once the peer can send nothing. */
  get silent(): ErrorHook | undefined {
    return this.#silent;
  }

  /** The peer can send nothing more; calls that wait for an answer can't get one. */
  silence(failure: ErrorHook): void {
    this.#silent = failure;
  }

  /** Ends the session. Only the first call counts. */
  end(failure: ErrorHook, by: EndedBy): void {
    if (this.#over) return;
    this.#over = failure;
    this.#giveUp(failure, by);
  }

  /** Has `listener` called when the session ends. */
  onBroken(listener: BrokenListener): void {
    listener.reportTo(this.#onError);
    // Called back meanwhile: the things that end with the session don't know yet.
    if (this.#over) listener.call(this.#over.error);
    else {
      this.#broken ??= new Set();
      listener.waitIn(this.#broken);
    }
  }

  /** `listener` waits for something else than the session's end from now on. */
  forgetBroken(listener: BrokenListener): void {
    listener.leave(this.#broken);
  }

  /** Calls the listeners: the session is over because of `failure`. */
  tellBroken(failure: ErrorHook): void {
    if (this.#broken) callListeners(this.#broken, () => failure.error);
  }
}
