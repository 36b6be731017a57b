import type { Feature, Side, Transcript } from "../transcript/transcript.ts";

/** Which scenarios are to be run. */
export interface Selection {
  /** Only scenarios that need no other features. Default: all. */
  readonly features?: readonly Feature[] | undefined;
  /** None that need one of these. */
  readonly skip?: readonly Feature[] | undefined;
  /** Only those whose name contains this. */
  readonly only?: string | undefined;
}

/** The transcripts that a selection asks for and that say something of a peer on `side`. */
export function select(
  transcripts: readonly Transcript[],
  side: Side,
  selection: Selection,
): Transcript[] {
  return transcripts.filter(
    (transcript) =>
      !("raw" in transcript[side]) &&
      transcript.quirk === undefined &&
      isSelected(transcript, selection),
  );
}

/** Whether a selection asks for a transcript. */
export function isSelected(
  { name, features: needed }: Transcript,
  { features, skip = [], only = "" }: Selection,
): boolean {
  return (
    name.includes(only) &&
    needed.every((feature) => (features?.includes(feature) ?? true) && !skip.includes(feature))
  );
}
