import { readFile } from "node:fs/promises";
import { scenarioSlug } from "../../transcript/slug.ts";
import type { ProtocolVersion } from "../../transcript/versions.ts";
import { inOrder } from "../order.ts";
import type { Scenario } from "../scenario.ts";
import { loadTranscripts } from "../transcripts.ts";
import { documentScenarios } from "./documents.ts";
import { flowControlScenarios } from "./flow-control.ts";
import { frameScenarios } from "./frames.ts";
import { hostileScenarios } from "./hostile.ts";
import { limitScenarios } from "./limits.ts";

/** The list of all scenarios: a line with the id, the version of the protocol, and the slug. */
const list = new URL("../../../scenarios.txt", import.meta.url);
const documents = new URL("../../../vectors/documents.json", import.meta.url);

/**
 * Loads all scenarios, by the names that files have: the recorded ones, and those that recordings
 * can't express. They are in the order of a run: values first, hostile messages last.
 */
export async function loadScenarios(): Promise<Map<string, Scenario>> {
  const recorded: ReadonlyMap<string, Scenario> = await loadTranscripts();
  const listed = parseList(await readFile(list, "utf8"));
  const made = [
    ...frameScenarios(recorded),
    ...limitScenarios,
    ...flowControlScenarios,
    ...documentScenarios(JSON.parse(await readFile(documents, "utf8"))),
    ...hostileScenarios,
  ];
  const scenarios = made.map((scenario) => ({
    ...scenario,
    ...listed.get(scenarioSlug(scenario.name)),
  }));
  return new Map(
    inOrder([...recorded.values(), ...scenarios]).map((each) => [scenarioSlug(each.name), each]),
  );
}

function parseList(text: string): Map<string, Pick<Scenario, "id" | "since">> {
  const lines = text.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [id, since, slug] = line.split(" ") as [string, ProtocolVersion, string];
      return [slug, { id, since }];
    }),
  );
}
