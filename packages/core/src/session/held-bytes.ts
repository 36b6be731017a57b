import type { LimitError, Limits, ValueTable } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";
import type { HoldsBytes } from "../budget.ts";
import { HEAVY_SESSION_BYTES, LIGHT_SESSION_BYTES } from "../call-context/counts.ts";
import { sizeOfValue } from "../model/value-size.ts";
import { type ResultTable, type Unread, UnreadResults } from "./unread-results.ts";

/** The account of a session. */
export interface SessionAccount extends HoldsBytes {
  /** The bytes on the account. */
  readonly total: number;
  /** Notes that the session is over and holds nothing. */
  clear(): void;
  /** Makes the watch on results that the peer hasn't asked for. */
  unread(table: ResultTable): Unread;
}

/** Ends the session of an account. A session needs no function for this. */
export type Exceeded = ((error: LimitError) => void) | { abort(reason: LimitError): void };

/** The limits of an account. */
export type HeldBytesLimits = Pick<Limits, "maxHeldBytes" | "maxProcessHeldBytes">;

/**
 * The counted accounts of this process, and their bytes together. A light session isn't counted, so
 * that this set doesn't keep it from being collected.
 */
const counted = new Set<HeldBytes>();
let held = 0;
/**
 * True if accounts are being ended. Ending one takes bytes for telling the peer, which must not end
 * others.
 */
let isEnding = false;

/** The part of the limit down to which room is made, so that it isn't made for each message. */
const LOW = 0.95;

/**
 * The bytes that a session holds for its peer. Transports that hold more for it, such as a batch's
 * body, have an account of their own, which counts for the process.
 */
export class HeldBytes implements SessionAccount {
  readonly #limits: HeldBytesLimits;
  readonly #exceeded: Exceeded;
  /** The accounts that are weighed together with this one: those of a network, or it alone. */
  readonly #group: string | HeldBytes;
  #total = 0;
  #isCounted = false;
  #isOver = false;
  /** The reason for the session's end, if these bytes caused it. */
  #reason: LimitError | undefined;

  /**
   * @param exceeded ends the session, or the session itself. The account is over and empty by then
   * @param network the client's network, whose accounts are weighed together; see `networkOf`. An
   *   account without one counts as a network of its own
   */
  constructor(limits: HeldBytesLimits, exceeded: Exceeded, network?: string | undefined) {
    this.#limits = limits;
    this.#exceeded = exceeded;
    this.#group = network ?? this;
  }

  get total(): number {
    return this.#total;
  }

  /** @throws LimitError if the session holds too much; it is then over */
  add(bytes: number): void {
    if (this.#isOver) return;
    this.#total += bytes;
    if (this.#total > HEAVY_SESSION_BYTES) this.#addHeavy(bytes);
  }

  #addHeavy(bytes: number): void {
    if (this.#isCounted) held += bytes;
    else {
      this.#isCounted = true;
      counted.add(this);
      held += this.#total;
    }
    const { maxHeldBytes, maxProcessHeldBytes } = this.#limits;
    if (this.#total > maxHeldBytes) {
      throw this.#end(overLimit(this.#limits, "maxHeldBytes"));
    }
    if (held > maxProcessHeldBytes) {
      HeldBytes.#endLargest(maxProcessHeldBytes);
      if (this.#reason) throw this.#reason;
    }
  }

  /** Takes bytes off the account. */
  remove(bytes: number): void {
    if (this.#isOver) return;
    this.#total -= bytes;
    if (!this.#isCounted) return;
    held -= bytes;
    if (this.#total < LIGHT_SESSION_BYTES) this.#uncount();
  }

  #uncount(): void {
    this.#isCounted = false;
    counted.delete(this);
    held -= this.#total;
  }

  sizeOf(value: unknown, table?: ValueTable): number {
    return sizeOfValue(value, this.#limits.maxHeldBytes, table);
  }

  unread(table: ResultTable): Unread {
    return new UnreadResults(table, this.#limits.maxHeldBytes);
  }

  clear(): void {
    if (this.#isCounted) this.#uncount();
    this.#total = 0;
    this.#isOver = true;
  }

  /** Ends the session because it holds too much. */
  #end(error: LimitError): LimitError {
    this.#reason = error;
    // First, so that the process has the bytes back whatever ending the session does, and so that
    // it isn't ended twice.
    this.clear();
    const exceeded = this.#exceeded;
    if (typeof exceeded === "function") exceeded(error);
    else exceeded.abort(error);
    return error;
  }

  /**
   * Ends sessions until the process holds less than is allowed: the largest of the network that
   * holds most. Otherwise, many small sessions of one client could have the larger session of
   * another client ended.
   */
  static #endLargest(allowed: number): void {
    if (isEnding) return;
    isEnding = true;
    try {
      const totals = new Map<string | HeldBytes, number>();
      const totalOf = (each: HeldBytes) => totals.get(each.#group) ?? 0;
      for (const each of counted) totals.set(each.#group, totalOf(each) + each.#total);
      const largestFirst = [...counted].sort(
        (a, b) => totalOf(b) - totalOf(a) || b.#total - a.#total,
      );
      for (const each of largestFirst) {
        if (held > allowed * LOW && !each.#isOver) {
          each.#end(overLimit({ maxProcessHeldBytes: allowed }, "maxProcessHeldBytes"));
        }
      }
    } finally {
      isEnding = false;
    }
  }
}
