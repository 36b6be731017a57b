import { type Meter, scanning } from "../values/meter.ts";
import { CONTAINER_BYTES } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";

/** Puts bytes together. */
export function* joinBytes(meter: Meter, pieces: readonly Uint8Array[]): Work<Uint8Array> {
  const length = pieces.reduce((sum, each) => sum + each.length, 0);
  meter.make(CONTAINER_BYTES + length);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    yield* scanning(meter, piece.length, (start, end) => {
      joined.set(piece.subarray(start, end), at + start);
    });
    at += piece.length;
  }
  return joined;
}
