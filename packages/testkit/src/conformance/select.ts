import { scenarioId } from "../transcript/id.ts";
import type { Feature, Side, Transcript } from "../transcript/transcript.ts";
import { matchesPattern } from "./pattern.ts";

/** A selection of scenarios. */
export interface Selection {
  /** Runs only scenarios that need no other features. Default: all. */
  readonly features?: readonly Feature[] | undefined;
  /** Leaves out scenarios that need one of these features. Default: none. */
  readonly skip?: readonly Feature[] | undefined;
  /**
   * Runs only scenarios that fit one of the patterns: an id, in which `*` stands for any text, or a
   * part of the name. Default: all.
   */
  readonly only?: string | readonly string[] | undefined;
  /** Leaves out scenarios that fit one of the patterns. Default: none. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Runs only scenarios that fit into one HTTP batch. Default `false`. */
  readonly batch?: boolean | undefined;
}

/** The transcripts that a selection covers and that can test a peer on `side`. */
export function select(
  transcripts: readonly Transcript[],
  side: Side,
  selection: Selection,
): Transcript[] {
  return transcripts.filter(
    (transcript) => isFor(transcript, side) && isSelected(transcript, selection),
  );
}

/** Whether a live peer on `side` can be tested with a transcript. */
export function isFor(transcript: Transcript, side: Side): boolean {
  return !("raw" in transcript[side]) && transcript.quirk === undefined;
}

/** Whether a selection covers a transcript. */
export function isSelected(
  { name, features: needed, batch: isBatch }: Transcript,
  { features, skip = [], only, exclude, batch = false }: Selection,
): boolean {
  const id = scenarioId(name);
  const fits = (pattern: string) => name.includes(pattern) || matchesPattern(id, pattern);
  return (
    (isBatch || !batch) &&
    (only === undefined || [only].flat().some(fits)) &&
    !(exclude !== undefined && [exclude].flat().some(fits)) &&
    needed.every((feature) => (features?.includes(feature) ?? true) && !skip.includes(feature))
  );
}
