import { isFor, isSelected } from "../conformance/select.ts";
import { SIDES, type Transcript } from "../transcript/transcript.ts";
import type { Options } from "./options.ts";

/**
 * One line for each selected scenario, in the order given: its id, sides, media, version of the
 * protocol, verdict if it can't fail, features, section of docs/protocol.md, and name.
 */
export function listLines(transcripts: readonly Transcript[], options: Options): string[] {
  const lines = transcripts.flatMap((transcript) => {
    const sides = SIDES.filter((side) => isFor(transcript, side));
    const isAsked = options.side === undefined || sides.includes(options.side);
    if (sides.length === 0 || !isAsked || !isSelected(transcript, options)) return [];
    const { id, name, features, since, section, quirk, batch, onSendError } = transcript;
    // A server under test has no options.
    const whom = onSendError === undefined ? sides.join(", ") : "client";
    const media = batch ? "socket, batch" : "socket";
    const verdict = quirk === undefined ? "" : "informational";
    return [[id, whom, media, since, verdict, `[${features.join(", ")}]`, `#${section}`, name]];
  });
  const widths = [0, 1, 2, 3, 4, 5, 6].map((i) =>
    Math.max(0, ...lines.map((line) => line[i]!.length)),
  );
  return lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
}
