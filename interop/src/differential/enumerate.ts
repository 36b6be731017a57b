import { capabilityKinds } from "./capabilities.ts";
import { dataKinds } from "./data.ts";
import { errorKinds } from "./errors.ts";
import { mediaKinds } from "./media.ts";
import { operations } from "./operations.ts";
import { places } from "./places.ts";
import type { Program } from "./run.ts";

const kinds = [...dataKinds, ...errorKinds, ...capabilityKinds, ...mediaKinds];

/** Every program: all kinds of values, in all places, with all operations. */
export function* allPrograms(): Generator<Program> {
  for (const operation of operations) {
    for (const kind of kinds) for (const place of places) yield { kind, place, operation };
  }
}
