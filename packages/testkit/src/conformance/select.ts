import { scenarioId } from "../transcript/id.ts";
import type { Feature, Side, Transcript } from "../transcript/transcript.ts";
import { matchesPattern } from "./pattern.ts";

/** Which scenarios are to be run. */
export interface Selection {
  /** Only scenarios that need no other features. Default: all. */
  readonly features?: readonly Feature[] | undefined;
  /** None that need one of these. */
  readonly skip?: readonly Feature[] | undefined;
  /**
   * Only those that one of the patterns fits: an id, in which `*` stands for any text, or a part of
   * the name. Default: all.
   */
  readonly only?: string | readonly string[] | undefined;
  /** None that one of the patterns fits. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Only those that fit in one HTTP batch. Default `false`. */
  readonly batch?: boolean | undefined;
}

/** The transcripts that a selection asks for and that say something of a peer on `side`. */
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

/** Whether a selection asks for a transcript. */
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
