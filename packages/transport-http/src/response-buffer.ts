import type { HeldBytes } from "@capnweb/core/server";
import { joinLines } from "@capnweb/wire";
import { HttpBatchError } from "./errors.ts";
import { MOST_BYTES } from "./settings.ts";

/** The messages of a batch's response. Counts their size as they are made. */
export class ResponseBuffer {
  readonly #messages: string[] = [];
  readonly #max: number;
  readonly #held: HeldBytes;
  /**
   * An upper bound of the size in bytes. Exact sizes take time, and few responses come near the
   * limit.
   */
  #most = 0;
  /** The exact size of the first `#counted` messages. */
  #size = 0;
  #counted = 0;

  /** @param max bytes */
  constructor(max: number, held: HeldBytes) {
    this.#max = max;
    this.#held = held;
  }

  /** @throws HttpBatchError if the response gets too large; the whole response is then dropped */
  add(message: string): void {
    this.#messages.push(message);
    this.#held.add(message.length);
    this.#most += MOST_BYTES * message.length + 1;
    if (this.#most <= this.#max || this.#exactSize() <= this.#max) return;
    this.clear();
    throw new HttpBatchError(
      "TOO_LARGE",
      `The batch's response is larger than ${this.#max} bytes, the server's ` +
        "maxResponseSize. Ask for less in one batch.",
      { status: 507, limit: "maxResponseSize" },
    );
  }

  clear(): void {
    this.#messages.length = 0;
  }

  /** The response's body. */
  toString(): string {
    return joinLines(this.#messages);
  }

  #exactSize(): number {
    const encoder = new TextEncoder();
    for (; this.#counted < this.#messages.length; this.#counted++) {
      // A line break stands between two messages.
      const separator = this.#counted === 0 ? 0 : 1;
      this.#size += separator + encoder.encode(this.#messages[this.#counted]).length;
    }
    return this.#size;
  }
}
