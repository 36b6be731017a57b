import type { Meter } from "./meter.ts";

/**
 * The members up to which an object is a record for the engine. Others are hash tables, and listing
 * a key of theirs takes V8 ten times as long, all at once.
 */
const LARGEST_RECORD = 1024;

/** The steps that listing such a key counts as. */
const STEPS_PER_KEY = 2;

/** The keys of an object. */
export function keysOf(object: object, meter: Meter): readonly string[] {
  const keys = Object.keys(object);
  if (keys.length > LARGEST_RECORD) meter.spend(STEPS_PER_KEY * keys.length);
  return keys;
}
