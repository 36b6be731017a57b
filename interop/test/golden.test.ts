import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  formatTranscript,
  parseTranscript,
  play,
  type Side,
  StalledError,
  type Transcript,
} from "@capnweb/testkit";
import { describe, expect, test } from "vitest";
import { goldenScenes } from "../src/golden/index.ts";
import { fileOf, isRecordingNode, record } from "../src/golden/record.ts";
import { OURS, REFERENCE } from "../src/implementation.ts";

const recordings = fileURLToPath(new URL("../../packages/testkit/transcripts/", import.meta.url));
/** The recordings of our side for scenes with a deviation. `npx vitest -u` writes them. */
const deviations = fileURLToPath(new URL("../deviations/", import.meta.url));

const deviating = goldenScenes.filter(({ deviates }) => deviates !== undefined);

test("every recording has a scene", () => {
  expect(readdirSync(recordings).sort()).toEqual(goldenScenes.map(fileOf).sort());
  expect(readdirSync(deviations).sort()).toEqual(deviating.map(fileOf).sort());
});

describe.each(goldenScenes)("$name", (scene) => {
  const text = readFileSync(recordings + fileOf(scene), "utf8");
  const transcript = parseTranscript(text);
  let recording: Promise<Transcript> | undefined;
  const recordHere = () => (recording ??= record(scene, REFERENCE));
  /** The transcript that our sides must match: the reference's on this Node. */
  const expected = async () => (scene.isPiped ? await recordHere() : transcript);

  test("matches the reference", async () => {
    const here = await recordHere();
    // The order that pipes of other Nodes give belongs to the platform. The messages don't.
    if (scene.isPiped && !isRecordingNode) {
      expect(withoutOrder(here)).toEqual(withoutOrder(transcript));
    } else {
      expect(formatTranscript(here)).toBe(text);
    }
  });

  for (const side of ["client", "server"] as const) {
    if ("raw" in transcript[side]) continue;
    if (scene.deviates?.side === side) {
      test(`our ${side} differs: ${scene.deviates.why}`, async () => {
        const said = await replay(await expected(), side);
        // Otherwise the justification is out of date.
        expect(said).not.toBe(formatTranscript(transcript));
        const file = deviations + fileOf(scene);
        if (scene.isPiped && !isRecordingNode) {
          const kept = parseTranscript(readFileSync(file, "utf8"));
          expect(withoutOrder(parseTranscript(said))).toEqual(withoutOrder(kept));
        } else {
          await expect(said).toMatchFileSnapshot(file);
        }
      });
    } else {
      test(`our ${side} says the same, byte for byte`, async () => {
        const recorded = await expected();
        const said = await replay(recorded, side);
        // Our streams aren't the platform's pipes.
        if (scene.isPiped || (scene.isReadByPlatform && side === "server" && !isRecordingNode)) {
          expect(withoutOrder(parseTranscript(said))).toEqual(withoutOrder(recorded));
        } else {
          expect(said).toBe(formatTranscript(recorded));
        }
      });
    }
  }
});

/** The transcript of our side, with the other side saying the recorded messages. */
async function replay(recorded: Transcript, side: Side): Promise<string> {
  const cast = { client: recorded.lines, server: recorded.lines, [side]: OURS };
  try {
    const { lines, notes } = await play(recorded, cast);
    return formatTranscript({ ...recorded, lines, ...(side === "client" && { notes }) });
  } catch (error) {
    if (!(error instanceof StalledError)) throw error;
    const notes = [`${error.message}`];
    return formatTranscript({ ...recorded, lines: error.lines, notes });
  }
}

/** A transcript without the order of its messages. */
function withoutOrder({ lines, ...rest }: Transcript): object {
  const said = lines.map(({ from, text, end }) => JSON.stringify({ from, text, end }));
  return { ...rest, said: said.sort() };
}
