import { afterAwaits } from "../after-awaits.ts";
import type { Budget } from "../budget.ts";
import { PROMISE_BYTES, STUB_BYTES } from "../call-context/counts.ts";
import { handleRejection } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";
import { sizeOfText, sizeOfValue } from "../model/value-size.ts";

/** The table of the exports that results stand among. */
export interface ResultTable {
  /** True if the peer may still ask for an export. */
  isUnread(id: number): boolean;
  /**
   * Notes the bytes that an export holds, if they are more than known before.
   *
   * @throws LimitError for more bytes than may be held; the session is then over
   */
  hold(id: number, size: number): void;
}

/** The watch on results that the peer hasn't asked for. */
export interface Unread {
  /**
   * Notes that the result exported as `id` is there.
   *
   * @param budget the budget of the message that asked for it
   */
  came(id: number, payload: Payload, budget: Budget): void;
}

/**
 * The results that the peer hasn't asked for: the memory that they hold for it, and the promises in
 * them whose rejections nothing else handles. Most results are soon asked for, and then count by
 * the message that contains them.
 */
export class UnreadResults implements Unread {
  readonly #table: ResultTable;
  readonly #maxHeldBytes: number;
  /** Results of this turn. */
  #unread: { readonly id: number; readonly payload: Payload }[] = [];

  constructor(table: ResultTable, maxHeldBytes: number) {
    this.#table = table;
    this.#maxHeldBytes = maxHeldBytes;
  }

  came(id: number, payload: Payload, budget: Budget): void {
    // The steps or code units of a message from which its result is weighed at once.
    const HEAVY = 4_096;
    // Most results of the peer's calls that wait to be looked at.
    const MOST_UNREAD = 64;
    const { value } = payload;
    if (typeof value === "string") {
      this.#weigh(id, () => sizeOfText(value));
      return;
    }
    this.#unread.push({ id, payload });
    // A short message may have made much, and a long one takes more memory than its text.
    const isHeavy = budget.spent > HEAVY || budget.isLate || budget.size > HEAVY;
    if (isHeavy || this.#unread.length === MOST_UNREAD) this.#look();
    else if (this.#unread.length === 1) afterAwaits(this.#look);
  }

  readonly #look = () => {
    const unread = this.#unread;
    this.#unread = [];
    for (const { id, payload } of unread) {
      // The size of an answer is that of its message.
      if (payload.isDisposed || !this.#table.isUnread(id)) continue;
      this.#weigh(
        id,
        () =>
          (PROMISE_BYTES - STUB_BYTES) * payload.pending.length +
          sizeOfValue(payload.value, this.#maxHeldBytes, payload.runtime.table, handleRejection),
      );
    }
  };

  /** Holds the bytes of a result. Never throws, because its callers can't catch. */
  #weigh(id: number, size: () => number): void {
    let bytes = this.#maxHeldBytes;
    try {
      bytes = size();
    } catch {
      // A value that can't be weighed may have any size.
    }
    try {
      this.#table.hold(id, bytes);
    } catch {
      // The session is over.
    }
  }
}
