import type { ValueTable } from "@capnweb/wire";
import type { Budget, HoldsBytes } from "../budget.ts";

/** The arguments of a call. */
interface Arguments {
  readonly budget: Budget | undefined;
  /** The promises in them. */
  readonly pending: readonly unknown[];
  readonly runtime: { readonly table: ValueTable };
}

/**
 * The bytes of values that were filled in for promises in a peer's arguments. They came with other
 * messages, and last as long as the arguments.
 */
export class FilledBytes {
  readonly #held: HoldsBytes;
  readonly #table: ValueTable;
  #bytes = 0;

  /** The account for arguments; `undefined` if nothing is held for a peer. */
  static of({ budget, pending, runtime }: Arguments): FilledBytes | undefined {
    const held = pending.length > 0 ? budget?.owner?.held : undefined;
    return held && new FilledBytes(held, runtime.table);
  }

  private constructor(held: HoldsBytes, table: ValueTable) {
    this.#held = held;
    this.#table = table;
  }

  /** @throws LimitError for more bytes than may be held; the session is then over */
  add(value: unknown): void {
    const bytes = this.#held.sizeOf(value, this.#table);
    this.#bytes += bytes;
    this.#held.add(bytes);
  }

  /** Idempotent. */
  dispose(): void {
    this.#held.remove(this.#bytes);
    this.#bytes = 0;
  }
}
