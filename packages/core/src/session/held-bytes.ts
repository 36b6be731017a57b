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

/** The sessions of this process, and how much they hold together. */
const holders = new Set<HeldBytes>();
let held = 0;

/**
 * The bytes that a session holds for its peer. Transports that hold more for it, a batch's body for
 * example, have an account of their own, which counts for the process.
 */
export class HeldBytes implements HoldsBytes {
  readonly #limits: HeldBytesLimits;
  readonly #exceeded: (error: LimitError) => void;
  #total = 0;
  #isOver = false;

  /** @param exceeded ends the session; it must {@link clear} these bytes */
  constructor(limits: HeldBytesLimits, exceeded: (error: LimitError) => void) {
    this.#limits = limits;
    this.#exceeded = exceeded;
    holders.add(this);
  }

  /** The bytes held now. */
  get total(): number {
    return this.#total;
  }

  /** @throws LimitError if the session holds too much; it is over then */
  add(bytes: number): void {
    if (this.#isOver) return;
    this.#total += bytes;
    held += bytes;
    const { maxHeldBytes, maxProcessHeldBytes } = this.#limits;
    if (this.#total > maxHeldBytes) {
      throw this.#end(
        overLimit("maxHeldBytes", `More than ${maxHeldBytes} bytes are held for the peer.`),
      );
    }
    if (held > maxProcessHeldBytes) HeldBytes.#endLargest(maxProcessHeldBytes);
  }

  remove(bytes: number): void {
    if (this.#isOver) return;
    this.#total -= bytes;
    held -= bytes;
  }

  /** The session is over and holds nothing. */
  clear(): void {
    this.remove(this.#total);
    this.#isOver = true;
    holders.delete(this);
  }

  #end(error: LimitError): LimitError {
    this.#exceeded(error);
    return error;
  }

  /** Ends the session that holds most: the others are not to suffer for it. */
  static #endLargest(allowed: number): void {
    let largest: HeldBytes | undefined;
    for (const each of holders) {
      if (!largest || each.#total > largest.#total) largest = each;
    }
    if (largest)
      largest.#end(
        overLimit(
          "maxProcessHeldBytes",
          `The sessions of the process hold more than ${allowed} bytes, and this one holds most.`,
        ),
      );
  }
}
