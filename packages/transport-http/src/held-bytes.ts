import { HttpBatchError } from "./errors.ts";

/** The batches of this process that hold something, and the bytes that they hold together. */
const holders = new Set<HeldBytes>();
let total = 0;

/**
 * The bytes of one batch's request and response that this process holds. A thousand clients that
 * upload slowly, or don't read, hold as many bodies: no limit of a single batch bounds their sum.
 */
export class HeldBytes {
  readonly #max: number;
  readonly #giveUp: (error: HttpBatchError) => void;
  #size = 0;

  /**
   * @param max bytes that all batches may hold
   * @param giveUp ends the batch, which must {@link clear} these bytes
   */
  constructor(max: number, giveUp: (error: HttpBatchError) => void) {
    this.#max = max;
    this.#giveUp = giveUp;
  }

  /** Counts `bytes` more. Over the limit, the batch that holds most is given up: others needn't suffer. */
  add(bytes: number): void {
    if (this.#size === 0) holders.add(this);
    this.#size += bytes;
    total += bytes;
    if (total > this.#max) this.#endLargest();
  }

  /** Counts `bytes` fewer. */
  remove(bytes: number): void {
    this.#size -= bytes;
    total -= bytes;
    if (this.#size === 0) holders.delete(this);
  }

  /** The batch holds nothing any more. Idempotent. */
  clear(): void {
    this.remove(this.#size);
  }

  #endLargest(): void {
    let largest: HeldBytes = this;
    for (const each of holders) if (each.#size > largest.#size) largest = each;
    largest.clear();
    largest.#giveUp(
      new HttpBatchError(
        "OVERLOADED",
        `The server's batches hold more than ${this.#max} bytes, its limits.maxProcessHeldBytes. Try again later.`,
        { status: 503 },
      ),
    );
  }
}
