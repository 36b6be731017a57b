import type { LimitError, Limits } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";
import type { HoldsBytes } from "../budget.ts";

/** As how many bytes the entries of a session count, besides the values in them. */
export const FLAT_BYTES = Object.freeze({
  export: 128,
  import: 256,
  pendingCall: 2_048,
  /** An answer that is still to come, to a peer that has given up the export. */
  lateAnswer: 512,
  pipe: 4_096,
});

/** The limits of an account. */
export type HeldBytesLimits = Pick<Limits, "maxHeldBytes" | "maxProcessHeldBytes">;

/**
 * The accounts of this process that are counted, and how much they hold together. A light session
 * isn't counted, and so isn't kept from being collected by being in this set.
 */
const counted = new Set<HeldBytes>();
let held = 0;
/**
 * Whether accounts are being ended. An end takes bytes too, for telling the peer, and ends no
 * others.
 */
let isEnding = false;

/** The bytes from which on an account is counted, and below which it no longer is. */
const HEAVY = 16 * 1024;
const LIGHT = 8 * 1024;

/**
 * The bytes that a session holds for its peer. Transports that hold more for it, a batch's body for
 * example, have an account of their own, which counts for the process.
 */
export class HeldBytes implements HoldsBytes {
  readonly #limits: HeldBytesLimits;
  readonly #exceeded: (error: LimitError) => void;
  readonly #network: string | undefined;
  #total = 0;
  #isCounted = false;
  #isOver = false;
  /** Why the session was ended, if these bytes were the reason. */
  #reason: LimitError | undefined;

  /**
   * @param exceeded ends the session. The account is over and empty by then
   * @param network the client's, whose accounts are weighed together; see `networkOf`. An account
   *   without one stands for itself
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

  /** @throws LimitError if the session holds too much; it is over then */
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
      throw this.#end(
        overLimit("maxHeldBytes", `More than ${maxHeldBytes} bytes are held for the peer.`),
      );
    }
    if (held > maxProcessHeldBytes) {
      endLargest(maxProcessHeldBytes);
      if (this.#reason) throw this.#reason;
    }
  }

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

  /** The session is over and holds nothing. */
  clear(): void {
    if (this.#isCounted) this.#uncount();
    this.#total = 0;
    this.#isOver = true;
  }

  /** Ends the session because of what it holds. */
  #end(error: LimitError): LimitError {
    this.#reason = error;
    // First: whatever ending it does, the process has the bytes back, and it isn't ended twice.
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
        const message = `The sessions of the process hold more than ${allowed} bytes, and this one is the largest of the network that holds most.`;
        HeldBytes.#largest().#end(overLimit("maxProcessHeldBytes", message));
      }
    } finally {
      isEnding = false;
    }
  }

  /**
   * The account that is to end: the largest of the network that holds most. Many small sessions of
   * one client would otherwise have the larger one of another client ended.
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
