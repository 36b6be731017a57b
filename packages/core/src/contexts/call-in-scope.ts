import type { Cancelable } from "../call-context/abort-watch.ts";
import type { CallScope } from "../call-context/scope.ts";
import type { ServedScope } from "../call-context/served-scope.ts";
import { ErrorHook } from "../model/hook.ts";
import type { ImportEntry } from "../session/import-entry.ts";
import type { ResultEntry } from "../session/result-entry.ts";

/** A session, as the calls see it that scopes may cancel. */
export interface Canceler {
  /** Gives up the result of a call, and puts a failure in its place. */
  cancel(entry: ResultEntry, failure: ErrorHook): void;
}

/** A call of this side that a scope may cancel, until its result is there or given up. */
export class CallInScope implements Cancelable {
  readonly #outgoing: Canceler;
  readonly #entry: ResultEntry;
  readonly #scope: CallScope;
  /** The call whose method returned the promise of this one. */
  #served: ServedScope | undefined;
  #isUsed = false;

  private constructor(outgoing: Canceler, entry: ResultEntry, scope: CallScope) {
    this.#outgoing = outgoing;
    this.#entry = entry;
    this.#scope = scope;
  }

  static begin(outgoing: Canceler, entry: ResultEntry, scope: CallScope): void {
    // The session may have ended while it sent the call.
    if (entry.resolution) return;
    const call = new CallInScope(outgoing, entry, scope);
    entry.inScope = call;
    scope.add(call);
  }

  /** Notes that the result is asked for. */
  awaited(): void {
    this.#scope.awaited(this.#outgoing);
  }

  /**
   * Notes that a method returned the promise of the call.
   *
   * @returns whether the result is still to come
   */
  isResultOf(served: ServedScope): boolean {
    if (this.#entry.resolution) return false;
    this.#served = served;
    return true;
  }

  /** Notes that another call needs the result, even if the caller gives it up. */
  used(): void {
    this.#isUsed = true;
  }

  over(): void {
    this.#scope.remove(this);
    this.#served?.end();
  }

  givenUp(): void {
    this.#scope.remove(this);
    if (!this.#isUsed) this.#served?.givenUp();
    this.#served?.end();
  }

  fail(reason: unknown): void {
    const entry = this.#entry;
    if (entry.resolution) return;
    this.#outgoing.cancel(entry, new ErrorHook(reason));
  }
}

/** The call whose result an import is, if a scope may cancel it. */
export function callOf(entry: ImportEntry): CallInScope | undefined {
  return (entry as Partial<ResultEntry>).inScope as CallInScope | undefined;
}
