import { readFileSync } from "node:fs";
import * as ours from "@capnweb/compat";
import {
  formatTranscript,
  type Implementation,
  parseTranscript,
  play,
  type Side,
  type Transcript,
} from "@capnweb/testkit";
import * as reference from "capnweb";
import { describe, expect, test } from "vitest";
import { goldenScenes } from "../src/golden/index.ts";
import { fileOf, record } from "../src/golden/record.ts";

const OURS = ours as unknown as Implementation;
const REFERENCE = reference as unknown as Implementation;

/** Recorded with the oldest Node; what newer ones word differently is not the protocol's affair. */
const isRecordingNode = process.versions.node.startsWith("20.");

const pathOf = (file: string) =>
  new URL(`../../packages/testkit/transcripts/${file}`, import.meta.url);

describe.each(goldenScenes)("$name", (scene) => {
  const text = readFileSync(pathOf(fileOf(scene)), "utf8");
  const transcript = parseTranscript(text);

  test.runIf(isRecordingNode)("is what the reference does", async () => {
    expect(formatTranscript(await record(scene, REFERENCE))).toBe(text);
  });

  for (const side of ["client", "server"] as const) {
    if ("raw" in transcript[side]) continue;
    if (scene.deviates?.side === side) {
      // Or the justification has outlived what it justifies.
      test(`our ${side} differs: ${scene.deviates.why}`, async () => {
        expect(await replay(transcript, side)).not.toEqual(asRecorded(transcript, side));
      });
    } else {
      test(`our ${side} says the same, byte for byte`, async () => {
        expect(await replay(transcript, side)).toEqual(asRecorded(transcript, side));
      });
    }
  }
});

/** What our side says when the other one says what was recorded, and what the program notes. */
async function replay(transcript: Transcript, side: Side) {
  const cast = { client: transcript.lines, server: transcript.lines, [side]: OURS };
  try {
    const { lines, notes } = await play(transcript, cast);
    return { lines, notes: side === "client" ? notes : [] };
  } catch (error) {
    return (error as Error).message;
  }
}

function asRecorded({ lines, notes }: Transcript, side: Side) {
  return { lines, notes: side === "client" ? notes : [] };
}
