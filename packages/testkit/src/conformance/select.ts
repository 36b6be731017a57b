import type { Feature } from "../transcript/features.ts";
import type { Side, Transcript } from "../transcript/transcript.ts";
import { includesVersion, type ProtocolVersion } from "../transcript/versions.ts";
import { fitsScenario } from "./pattern.ts";

/** A selection of scenarios. */
export interface Selection {
  /** Runs only scenarios that need no other features. Default: all. */
  readonly features?: readonly Feature[] | undefined;
  /** Leaves out scenarios that need one of these features. Default: none. */
  readonly skip?: readonly Feature[] | undefined;
  /**
   * Runs only scenarios that fit one of the patterns: an id or the name of a file, in which `*`
   * stands for any text, or a part of the name. Default: all.
   */
  readonly only?: string | readonly string[] | undefined;
  /** Leaves out scenarios that fit one of the patterns. Default: none. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Runs only scenarios of this version of the protocol, or of earlier ones. Default: all. */
  readonly profile?: ProtocolVersion | undefined;
  /**
   * True to leave out informational scenarios, in which the protocol demands nothing. Default
   * `false`.
   */
  readonly demandsOnly?: boolean | undefined;
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

/** True if a live peer on `side` can be tested with a transcript. */
export function isFor(transcript: Transcript, side: Side): boolean {
  return !("raw" in transcript[side]);
}

/** True if a selection covers a transcript. */
export function isSelected(
  scenario: Transcript,
  { features, skip = [], only, exclude, profile, demandsOnly, batch = false }: Selection,
): boolean {
  const { name, features: needed, since, quirk } = scenario;
  const fits = (pattern: string) => name.includes(pattern) || fitsScenario(scenario, pattern);
  return (
    (scenario.batch || !batch) &&
    (quirk === undefined || !demandsOnly) &&
    (profile === undefined || includesVersion(profile, since)) &&
    (only === undefined || [only].flat().some(fits)) &&
    !(exclude !== undefined && [exclude].flat().some(fits)) &&
    needed.every((feature) => (features?.includes(feature) ?? true) && !skip.includes(feature))
  );
}
