import { type Actor, type Implementation, play, type Transcript } from "@capnweb/testkit";
import type { GoldenScene } from "./scene.ts";

/** Plays a scene with one implementation in every part that isn't scripted, and writes it down. */
export async function record(
  scene: GoldenScene,
  implementation: Implementation,
): Promise<Transcript> {
  const { name, features, client, server, onSendError } = scene;
  const actor = (role: Transcript["client"]): Actor =>
    "raw" in role ? { script: scene.script ?? [] } : implementation;
  const { lines, notes } = await play(scene, { client: actor(client), server: actor(server) });
  return {
    name,
    features,
    client,
    server,
    batch: scene.batch ?? false,
    ownWording: scene.ownWording ?? false,
    ...(onSendError === undefined ? {} : { onSendError }),
    notes,
    lines,
  };
}

/** The name of a scene's file. */
export function fileOf({ name }: GoldenScene): string {
  const slug = name
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${slug}.jsonl`;
}
