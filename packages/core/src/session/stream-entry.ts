import type { BrokenListener } from "../broken-listener.ts";
import { ImportEntry } from "./import-entry.ts";

/**
 * The writing end of one of the peer's streams. It is there at once, as a stub is, but the peer may
 * say later that it has failed, by rejecting it: the only way to tell a writer that has nothing to
 * write, since everything else is the answer to a write.
 */
export class StreamEntry extends ImportEntry {
  override onBroken(listener: BrokenListener): void {
    this.listen(listener);
  }

  /** Not a stub: what is forgotten with its stream is the stream's affair. */
  override get isForgettable(): boolean {
    return false;
  }
}
