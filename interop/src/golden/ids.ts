import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ProtocolVersion, scenarioSlug } from "@capnweb/testkit";

/**
 * The list of all scenarios that there ever were: a line with the id, the first version of the
 * protocol that passes it, and the slug. `npm run record` adds lines, and `npm run record:versions`
 * changes versions.
 */
export const listFile = fileURLToPath(
  new URL("../../../packages/testkit/scenarios.txt", import.meta.url),
);

/** A line of the list. */
interface Listed {
  readonly id: string;
  readonly since: ProtocolVersion;
}

/** The list by the scenarios' slugs. */
export type ScenarioList = ReadonlyMap<string, Listed>;

/** Reads the list. */
export function readList(): ScenarioList {
  const lines = readFileSync(listFile, "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [id, since, slug] = line.split(" ") as [string, ProtocolVersion, string];
      return [slug, { id, since }];
    }),
  );
}

/** The list with an id for each new scenario: the next number of its group. */
export function withNewIds(list: ScenarioList, names: Iterable<string>): ScenarioList {
  const all = new Map(list);
  for (const name of names) {
    const slug = scenarioSlug(name);
    if (all.has(slug)) continue;
    const group = slug.slice(0, 3).toUpperCase();
    const taken = [...all.values()].filter(({ id }) => id.startsWith(group)).length;
    all.set(slug, { id: `${group}-${String(taken + 1).padStart(3, "0")}`, since: "0.1" });
  }
  return all;
}

/** The text of the list. */
export function formatList(list: ScenarioList): string {
  return [...list]
    .map(([slug, { id, since }]) => `${id} ${since} ${slug}\n`)
    .sort()
    .join("");
}
