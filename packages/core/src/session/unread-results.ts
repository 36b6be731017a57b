import { isByReference } from "@capnweb/wire/internal";
import { afterAwaits } from "../after-awaits.ts";
import type { Budget } from "../budget.ts";
import { handleRejection } from "../model/native-promise.ts";
import type { Payload } from "../model/payload.ts";
import { PROMISE_BYTES, STUB_BYTES, sizeOfText, sizeOfValue } from "../model/value-size.ts";

/** The exports that results stand among. */
export interface ResultTable {
  /** Whether the peer may still ask for an export. */
  isUnread(id: number): boolean;
  /**
   * Says how many bytes an export holds, if they are more than were known of.
   *
   * @throws LimitError for more than may be held; the session is over then
   */
  hold(id: number, size: number): void;
}

/** The most results of the peer's calls that wait to be looked at. */
const MOST_UNREAD = 64;

/** The steps or code units of a message from which on its result is weighed at once. */
const HEAVY = 4_096;

/**
 * Whether a value may take more than the flat amount that every export counts. A target isn't held
 * for the peer alone; looking at one takes half as long as the call that returned it.
 */
export function hasSize(value: unknown): boolean {
  if (typeof value === "object") return value !== null && !isTarget(value);
  return typeof value === "string" || typeof value === "bigint";
}

function isTarget(value: object): boolean {
  try {
    return isByReference(value);
  } catch {
    // A proxy of the application's. Its value fails when it is asked for.
    return false;
  }
}

/**
 * The results that the peer hasn't asked for: how much they take that is held for it, and which
 * promises in them nothing else handles. Most results are soon asked for, and count by the message
 * that tells them.
 */
export class UnreadResults {
  readonly #table: ResultTable;
  readonly #maxHeldBytes: number;
  /** Results of this turn. */
  #unread: { readonly id: number; readonly payload: Payload }[] = [];
  readonly #onTurnOver = () => this.#look();

  constructor(table: ResultTable, maxHeldBytes: number) {
    this.#table = table;
    this.#maxHeldBytes = maxHeldBytes;
  }

  /**
   * The result is there that is exported as `id`.
   *
   * @param budget that of the message that asked for it
   */
  came(id: number, payload: Payload, budget: Budget): void {
    const { value } = payload;
    if (typeof value === "string") {
      this.#weigh(id, () => sizeOfText(value));
      return;
    }
    this.#unread.push({ id, payload });
    // A short message may have made much, and a long one takes more memory than text.
    const isHeavy = budget.spent > HEAVY || budget.isLate || budget.size > HEAVY;
    if (isHeavy || this.#unread.length === MOST_UNREAD) this.#look();
    else if (this.#unread.length === 1) afterAwaits(this.#onTurnOver);
  }

  #look(): void {
    const unread = this.#unread;
    this.#unread = [];
    for (const { id, payload } of unread) {
      // An answer's size is that of its message.
      if (payload.isDisposed || !this.#table.isUnread(id)) continue;
      this.#weigh(
        id,
        () =>
          (PROMISE_BYTES - STUB_BYTES) * payload.pending.length +
          sizeOfValue(payload.value, this.#maxHeldBytes, payload.runtime.table, handleRejection),
      );
    }
  }

  /** Holds as many bytes as a result takes. Never throws: it is called where nothing catches. */
  #weigh(id: number, size: () => number): void {
    let bytes = this.#maxHeldBytes;
    try {
      bytes = size();
    } catch {
      // A value that can't be weighed may be of any size.
    }
    try {
      this.#table.hold(id, bytes);
    } catch {
      // The session is over.
    }
  }
}
