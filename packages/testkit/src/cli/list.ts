import { isFor, isSelected } from "../conformance/select.ts";
import { scenarioId } from "../transcript/id.ts";
import { SIDES, type Transcript } from "../transcript/transcript.ts";
import type { Options } from "./options.ts";

/** One line for each selected scenario: its id, sides and media, features, and name. */
export function listLines(transcripts: readonly Transcript[], options: Options): string[] {
  const lines = transcripts.flatMap((transcript) => {
    const sides = SIDES.filter((side) => isFor(transcript, side));
    const isAsked = options.side === undefined || sides.includes(options.side);
    if (sides.length === 0 || !isAsked || !isSelected(transcript, options)) return [];
    const { name, features, batch, onSendError } = transcript;
    // A server under test has no options.
    const whom = onSendError === undefined ? sides.join(", ") : "client";
    const media = batch ? "socket, batch" : "socket";
    return [[scenarioId(name), whom, media, `[${features.join(", ")}]`, name]];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(0, ...lines.map((line) => line[i]!.length)));
  return lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
}
