import type { LimitError, Limits } from "@capnweb/wire";
import type { HoldsBytes } from "../budget.ts";
import { exceeded } from "../call-context/counts.ts";

/** The limits of an account. */
export type HeldBytesLimits = Pick<Limits, "maxHeldBytes" | "maxProcessHeldBytes">;

/**
 * The counted accounts of this process, and their bytes together. A light session isn't counted, so
 * that this set doesn't keep it from being collected.
 */
const counted = new Set<HeldBytes>();
let held = 0;
/**
 * Whether accounts are being ended. Ending one takes bytes for telling the peer, which must not end
 * others.
 */
let isEnding = false;

/** The bytes above which an account is counted, and below which it no longer is. */
const HEAVY = 16 * 1024;
const LIGHT = 8 * 1024;

/**
 * The bytes that a session holds for its peer. Transports that hold more for it, such as a batch's
 * body, have an account of their own, which counts for the process.
 */
export class HeldBytes implements HoldsBytes {
  readonly #limits: HeldBytesLimits;
  readonly #exceeded: (error: LimitError) => void;
  readonly #network: string | undefined;
  #total = 0;
  #isCounted = false;
  #isOver = false;
  /** The reason for the session's end, if these bytes caused it. */
  #reason: LimitError | undefined;

  /**
   * @param exceeded ends the session. The account is over and empty by then
   * @param network the client's network, whose accounts are weighed together; see `networkOf`. An
   *   account without one counts as a network of its own
   */
  constructor(
    limits: HeldBytesLimits,
    exceeded: (error: LimitError) => void,
    network?: string | undefined,
  ) {
    this.#limits = limits;
    this.#exceeded = exceeded;
    this.#network = network;
  }

  /** @throws LimitError if the session holds too much; it is then over */
  add(bytes: number): void {
    if (this.#isOver) return;
    this.#total += bytes;
    if (this.#total > HEAVY) this.#addHeavy(bytes);
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
      throw this.#end(exceeded(this.#limits, "maxHeldBytes"));
    }
    if (held > maxProcessHeldBytes) {
      endLargest(maxProcessHeldBytes);
      if (this.#reason) throw this.#reason;
    }
  }

  /** Takes bytes off the account. */
  remove(bytes: number): void {
    if (this.#isOver) return;
    this.#total -= bytes;
    if (!this.#isCounted) return;
    held -= bytes;
    if (this.#total < LIGHT) this.#uncount();
  }

  #uncount(): void {
    this.#isCounted = false;
    counted.delete(this);
    held -= this.#total;
  }

  /** Notes that the session is over and holds nothing. */
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
    this.#exceeded(error);
    return error;
  }

  /** Ends sessions until the process holds no more than is allowed. */
  static endLargest(allowed: number): void {
    if (isEnding) return;
    isEnding = true;
    try {
      while (held > allowed && counted.size > 0) {
        const error = exceeded({ maxProcessHeldBytes: allowed }, "maxProcessHeldBytes");
        HeldBytes.#largest().#end(error);
      }
    } finally {
      isEnding = false;
    }
  }

  /**
   * The account to end: the largest of the network that holds most. Otherwise, many small sessions
   * of one client could have the larger session of another client ended.
   */
  static #largest(): HeldBytes {
    const groups = new Map<string | HeldBytes, Group>();
    let most: Group | undefined;
    for (const each of counted) {
      const key = each.#network ?? each;
      let group = groups.get(key);
      if (group) {
        group.total += each.#total;
        if (each.#total > group.largest.#total) group.largest = each;
      } else {
        group = { total: each.#total, largest: each };
        groups.set(key, group);
      }
      if (!most || group.total > most.total) most = group;
    }
    return most!.largest;
  }
}

/** The accounts of one network. */
interface Group {
  total: number;
  largest: HeldBytes;
}

const { endLargest } = HeldBytes;
