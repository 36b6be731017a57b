import { type BrokenListener, callListeners, type ListenerPlace } from "../broken-listener.ts";
import { ErrorHook } from "../model/hook.ts";
import type { ErrorListener } from "../report.ts";
import type { EndedBy } from "./ending.ts";
import type { LostCalls } from "./lost-calls.ts";

/** An import, as the end of its session sees it. */
export interface Interruptible {
  readonly id: number;
  /** True for a call, false for other work that the end interrupts, such as a stream. */
  readonly isCall: boolean | undefined;
}

/** A session, as its life ends it. */
interface Endable {
  /** Gives up everything that the session has. Called once. */
  giveUp(by: EndedBy): void;
}

/** The life of a session: whether it is over, and the listeners for its end. */
export class Lifetime implements ListenerPlace {
  readonly #session: Endable;
  readonly #onError: ErrorListener | undefined;
  readonly #lostCalls: LostCalls | undefined;
  /** The reason for the end, once the session is over. */
  over: ErrorHook | undefined;
  /** The failure of the streams and promises that the end interrupts, once the session is over. */
  interrupted: ErrorHook | undefined;
  /**
   * The reason why no more answers come, once the peer can't send anything. Calls that wait for one
   * can't get it.
   */
  silent: ErrorHook | undefined;
  listeners: Set<BrokenListener> | undefined;

  /**
   * @param session gives up everything that it has when it ends
   * @param onError receives the errors of listeners
   * @param lostCalls decides with which errors calls fail. Default: with the reason of the end
   */
  constructor(session: Endable, onError: ErrorListener | undefined, lostCalls?: LostCalls) {
    this.#session = session;
    this.#onError = onError;
    this.#lostCalls = lostCalls;
  }

  /** Ends the session. Only the first call counts. */
  end(failure: ErrorHook, by: EndedBy): void {
    if (this.over) return;
    const lost = this.#lostCalls;
    this.over = lost ? new ErrorHook(lost.ended(failure.error, by)) : failure;
    this.interrupted = lost ? new ErrorHook(lost.interrupted) : failure;
    this.#session.giveUp(by);
  }

  /** The failure of an import that the peer can't settle any more, because the session is over. */
  failureOf({ id, isCall }: Interruptible): ErrorHook {
    if (isCall === false) return this.interrupted!;
    const error = isCall && this.#lostCalls?.failureOf(id);
    return error === undefined ? this.over! : new ErrorHook(error);
  }

  /** Calls `listener` when the session ends. */
  onBroken(listener: BrokenListener): void {
    listener.reportTo(this.#onError);
    // Called back meanwhile, before the things that end with the session know.
    if (this.over) listener.call(this.over.error);
    else listener.waitAt(this);
  }

  /** Notes that `listener` now waits for something other than the session's end. */
  forgetBroken(listener: BrokenListener): void {
    this.listeners?.delete(listener);
  }

  /** Calls the listeners, because the session is over with `failure`. */
  tellBroken(failure: ErrorHook): void {
    callListeners(this, () => failure.error);
  }
}
