// A process with several participants, each from a bundle of its own: `several.mjs name=module …`.
// Versions of our code that share a process also share its luck.
import { pathToFileURL } from "node:url";
import { createBirpc } from "birpc";
import { channelOf } from "./channel.ts";
import type { Participant } from "./participant.ts";

const participants: [name: string, Participant][] = [];
for (const argument of process.argv.slice(2)) {
  const [name, module] = argument.split("=") as [string, string];
  const loaded = await import(pathToFileURL(module).href);
  participants.push([name, new loaded.Participant()]);
}
// Only now, because the process's messages wait until the first listener.
for (const [name, participant] of participants) {
  createBirpc<object, Participant>(participant, {
    ...channelOf(process, name),
    bind: "functions",
  });
}
process.on("disconnect", () => process.exit());
