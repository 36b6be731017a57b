import { type LimitError, type Limits, overLimit } from "@capnweb/wire";
import type { HoldsBytes } from "../budget.ts";

/** As how many bytes the entries of a session count, besides the values in them. */
export const FLAT_BYTES = Object.freeze({
  export: 128,
  import: 256,
  pendingCall: 2_048,
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
  #total = 0;
  #isCounted = false;
  #isOver = false;

  /** @param exceeded ends the session; it must {@link clear} these bytes */
  constructor(limits: HeldBytesLimits, exceeded: (error: LimitError) => void) {
    this.#limits = limits;
    this.#exceeded = exceeded;
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
      const { account, error } = endLargest(maxProcessHeldBytes);
      if (account === this) throw error;
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
    this.#exceeded(error);
    // Whatever that did, the process has the bytes back.
    this.clear();
    return error;
  }

  /** Ends the session that holds most: the others are not to suffer for it. */
  static endLargest(allowed: number): { account: HeldBytes; error: LimitError } {
    const [first, ...others] = counted;
    let account = first!;
    for (const each of others) if (each.#total > account.#total) account = each;
    const error = overLimit(
      "maxProcessHeldBytes",
      `The sessions of the process hold more than ${allowed} bytes, and this one holds most.`,
    );
    account.#end(error);
    return { account, error };
  }
}

const { endLargest } = HeldBytes;
