import { aloneBytes } from "../base64.ts";
import { overLimit, ProtocolError } from "../errors.ts";

/** Bytes that came in frames of their own, for the messages of the following text. */
export class Attached {
  readonly #frames: (Uint8Array | undefined)[] = [];
  #size = 0;
  #taken = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * @param frame owned by this object from now on
   * @throws ProtocolError for an empty frame
   * @throws LimitError if all frames together are longer than `maxSize`
   */
  add(frame: Uint8Array, maxSize: number): void {
    // Bytes that a frame counts as at least: it takes memory however few are in it.
    const LEAST_COUNTED = 512;
    if (frame.length === 0) throw new ProtocolError("bad RPC message: an empty binary frame");
    this.#size += Math.max(frame.length, LEAST_COUNTED);
    if (this.#size > maxSize) {
      throw overLimit({ maxMessageSize: maxSize }, "maxMessageSize");
    }
    // Copied if necessary, so that a few bytes don't keep everything that the medium read at once.
    this.#frames.push(aloneBytes(frame));
  }

  /** Takes the next frame, if it has that length. */
  take(length: number): Uint8Array | undefined {
    const at = this.#taken++;
    const frame = this.#frames[at];
    // The decoder keeps this object until the next message, but mustn't keep the bytes.
    this.#frames[at] = undefined;
    return frame?.length === length ? frame : undefined;
  }

  /** @throws ProtocolError if a frame is left */
  end(): void {
    if (this.#taken < this.#frames.length) {
      throw new ProtocolError("bad RPC message: it leaves a binary frame unused");
    }
  }
}
