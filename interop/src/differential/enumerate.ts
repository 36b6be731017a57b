import { capabilityKinds } from "./capabilities.ts";
import { dataKinds } from "./data.ts";
import { errorKinds } from "./errors.ts";
import { mediaKinds } from "./media.ts";
import { operations } from "./operations.ts";
import { places } from "./places.ts";
import type { Program } from "./run.ts";
import type { Operation } from "./world.ts";

const kinds = [...dataKinds, ...errorKinds, ...capabilityKinds, ...mediaKinds];

/** Every program: all kinds of values, in all places, with all operations. */
export function* allPrograms(): Generator<Program> {
  for (const operation of operations) yield* programsWith("in memory", operation);
  // Elsewhere, values may arrive otherwise. What can be done with them is the same.
  for (const medium of ["structured clones", "HTTP batch"]) {
    for (const operation of operations.slice(0, 1)) yield* programsWith(medium, operation);
  }
}

function* programsWith(medium: string, operation: Operation): Generator<Program> {
  for (const kind of kinds) for (const place of places) yield { medium, kind, place, operation };
}
