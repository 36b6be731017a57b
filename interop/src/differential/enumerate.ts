import { capabilityKinds } from "./capabilities.ts";
import { dataKinds } from "./data.ts";
import { errorKinds } from "./errors.ts";
import { mediaKinds } from "./media.ts";
import { operations } from "./operations.ts";
import { places } from "./places.ts";
import type { Program } from "./run.ts";
import type { Operation } from "./world.ts";

export const kinds = [...dataKinds, ...errorKinds, ...capabilityKinds, ...mediaKinds];

const IN_MEMORY = "in memory";

/** Every program: all kinds of values, in all places, with all operations. */
export function* allPrograms(): Generator<Program> {
  for (const operation of operations) yield* programsWith(IN_MEMORY, operation);
  // In other media, values may arrive differently, but the same operations apply to them.
  for (const medium of ["structured clones", "HTTP batch"]) {
    yield* programsWith(medium, operations[0]!);
  }
}

function* programsWith(medium: string, operation: Operation): Generator<Program> {
  for (const kind of kinds) for (const place of places) yield { medium, kind, place, operation };
}

/** One in `every` programs, chosen by `seed`. */
export function* somePrograms(every: number, seed: number): Generator<Program> {
  let index = seed;
  for (const program of allPrograms()) if (index++ % every === 0) yield program;
}

/**
 * Finds a program by its operation, kind, place and medium.
 *
 * @throws Error for an unknown name
 */
export function programOf([operation, kind, place, medium]: readonly [
  string,
  string,
  string,
  string?,
]): Program {
  return {
    operation: find(operations, operation),
    kind: find(kinds, kind),
    place: find(places, place),
    medium: medium ?? IN_MEMORY,
  };
}

function find<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`There is no "${name}".`);
  return found;
}

export function nameOf({ operation, kind, place, medium }: Program): string {
  return [operation.name, kind.name, place.name, medium].join(" | ");
}
