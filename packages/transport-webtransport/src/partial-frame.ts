import { LimitError } from "@capnweb/wire";

/** This process's transports with incomplete frames, and the bytes of all of these frames. */
const frames = new Set<PartialFrame>();
let held = 0;

/**
 * Accounts for the memory of the frame that a transport is receiving. The session doesn't know of
 * it yet, and a peer may take any time to send the rest.
 */
export class PartialFrame {
  readonly #allowed: number;
  readonly #exceeded: (error: LimitError) => void;
  #size = 0;

  /**
   * @param allowed most bytes of all incomplete frames of the process
   * @param exceeded ends the session; it must set {@link size} to 0
   */
  constructor(
    allowed = Number.POSITIVE_INFINITY,
    exceeded: (error: LimitError) => void = () => {},
  ) {
    this.#allowed = allowed;
    this.#exceeded = exceeded;
  }

  /**
   * Bytes of the incomplete frame. Setting it may end the transport with the largest frame, if all
   * frames together are too large.
   */
  set size(size: number) {
    if (size === this.#size) return;
    held += size - this.#size;
    this.#size = size;
    if (size > 0) frames.add(this);
    else frames.delete(this);
    if (held > this.#allowed && size > 0) PartialFrame.#endLargest(this.#allowed);
  }

  static #endLargest(allowed: number): void {
    let largest: PartialFrame | undefined;
    for (const each of frames) if (!largest || each.#size > largest.#size) largest = each;
    if (largest === undefined) return;
    largest.#exceeded(
      new LimitError(
        `Frames that have come in part take more than ${allowed} bytes, this session's most of ` +
          "them. The receiver sets limits.maxProcessHeldBytes.",
        "maxProcessHeldBytes",
      ),
    );
  }
}
