import type { BrokenListener } from "../broken-listener.ts";
import { ImportEntry } from "./import-entry.ts";

/**
 * The writing end of one of the peer's streams. It is there at once, as a stub is, but the peer may
 * later reject it to say that it has failed. There is no other way to tell a writer that has
 * nothing to write, because everything else answers a write.
 */
export class StreamEntry extends ImportEntry {
  override onBroken(listener: BrokenListener): void {
    listener.waitAt(this);
  }

  /** Chunks, whose writers fail with the stream, may have arrived. */
  override get isCall(): boolean {
    return false;
  }

  /** Not forgettable as a stub is: the stream itself handles being forgotten. */
  override get isForgettable(): boolean {
    return false;
  }
}
