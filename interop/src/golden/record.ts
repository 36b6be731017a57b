import {
  type Actor,
  type Implementation,
  type Line,
  type Performance,
  play,
  scenarioSlug,
  type Transcript,
} from "@capnweb/testkit";
import { featuresOf } from "./features.ts";
import { readList } from "./ids.ts";
import type { GoldenScene } from "./scene.ts";
import { sectionOf } from "./sections.ts";

/**
 * True if this is the Node that recordings are made with, the oldest supported one. Where a
 * platform's streams matter, other versions record another order; see `isPiped` of a scene.
 */
export const isRecordingNode = process.versions.node.startsWith("20.");

/** Plays a scene with one implementation in every part that isn't scripted, and records it. */
export async function record(
  scene: GoldenScene,
  implementation: Implementation,
): Promise<Transcript> {
  const { name, features, client, server, onSendError } = scene;
  const actor = (role: Transcript["client"]): Actor =>
    "raw" in role ? { script: scene.script ?? [] } : implementation;
  const cast = { client: actor(client), server: actor(server) };
  const { lines, notes }: Performance = await play(scene, cast).catch((cause) => {
    throw new Error(`${name} can't be recorded: ${cause.message}`, { cause });
  });
  if (scene.batch && lines.some((line) => line.after > 0 && isPartOfBatch(line))) {
    throw new Error(`${name} doesn't fit into one batch.`);
  }
  const listed = readList().get(scenarioSlug(name));
  if (listed === undefined) throw new Error(`${name} has no id: record it with npm run record.`);
  const transcript: Transcript = {
    id: listed.id,
    name,
    features,
    since: listed.since,
    section: sectionOf(name),
    client,
    server,
    batch: scene.batch ?? false,
    ownWording: scene.ownWording ?? false,
    ...quirkOf(scene),
    ...(onSendError && { onSendError }),
    notes,
    lines,
  };
  return { ...transcript, features: featuresOf(scene, transcript) };
}

function quirkOf({ isRace, deviates }: GoldenScene): Pick<Transcript, "quirk"> {
  if (isRace) return { quirk: "what is said depends on how fast messages arrive" };
  return deviates && !deviates.isHarmless ? { quirk: deviates.why } : {};
}

/** A batch's server releases everything by itself. */
function isPartOfBatch({ from, text }: Line): boolean {
  return from === "client" && !text?.startsWith('["release"');
}

/** The name of a scene's file. */
export function fileOf({ name }: GoldenScene): string {
  return `${scenarioSlug(name)}.jsonl`;
}
