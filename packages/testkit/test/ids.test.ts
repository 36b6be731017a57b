import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { loadScenarios } from "../src/conformance/scenarios/index.ts";
import { scenarioSlug } from "../src/index.ts";

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");

const lines = (await read("../scenarios.txt")).trim().split("\n");
const recorded = lines.map((line) => {
  const [id, , slug] = line.split(" ") as [string, string, string];
  return [id, slug] as const;
});
const scenarios = [...(await loadScenarios()).values()];

test("every scenario has the id that the list has for it", () => {
  const ids = new Map(recorded.map(([id, slug]) => [slug, id]));
  const wrong = scenarios.filter(({ id, name }) => ids.get(scenarioSlug(name)) !== id);
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test("no id is given twice, and none is taken off the list", () => {
  expect(lines).toEqual([...new Set(lines)].sort());
  expect(new Set(recorded.map(([id]) => id)).size).toBe(recorded.length);
  expect(new Set(recorded.map(([, slug]) => slug)).size).toBe(recorded.length);
  for (const group of new Set(recorded.map(([id]) => id.slice(0, 3)))) {
    const numbers = recorded.flatMap(([id]) => (id.startsWith(group) ? [Number(id.slice(4))] : []));
    expect(numbers, group).toEqual(numbers.map((_, i) => i + 1));
  }
});

/** The last number of each group that a release of the kit has had. Its scenarios stay the same. */
const RELEASED: Readonly<Record<string, number>> = {
  ANN: 2,
  BLO: 3,
  CAL: 14,
  ERR: 39,
  FET: 8,
  FLO: 2,
  FRA: 8,
  HOS: 6,
  LIM: 9,
  MAL: 182,
  MAP: 37,
  PAT: 11,
  PIP: 18,
  PRO: 27,
  REF: 10,
  SES: 5,
  STR: 39,
  STU: 11,
  TAR: 9,
  UNS: 10,
  UNU: 16,
  VAL: 51,
};

test("an id that a release of the kit has had stays that of the same scenario", () => {
  const released = recorded.filter(([id]) => Number(id.slice(4)) <= RELEASED[id.slice(0, 3)]!);
  expect(createHash("sha256").update(released.join("\n")).digest("hex")).toBe(
    "26340ef5a2b8d0d0a624cb57ad3c15ad3ce375173783a80a6556a946b155c1a8",
  );
});

test("a run begins with values and ends with hostile messages, as the document says", async () => {
  const groups = [...new Set(scenarios.map(({ id }) => id.slice(0, 3)))];
  expect(groups.slice(0, 2)).toEqual(["VAL", "ERR"]);
  expect(groups.at(-1)).toBe("HOS");
  // The scenarios of a group are together, and in the order of their numbers.
  const ids = groups.flatMap((group) => lines.filter((line) => line.startsWith(group)));
  expect(scenarios.map(({ id }) => id)).toEqual(ids.map((line) => line.slice(0, 7)));
  const page = await read("../../../docs/conformance.md");
  expect([...page.matchAll(/^\| `([A-Z]{3})` /gm)].map(([, group]) => group)).toEqual(groups);
});

test("every scenario cites a section of the protocol that there is", async () => {
  const page = await read("../../../docs/protocol.md");
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!);
  const anchors = headings.map((title) => title.toLowerCase().replace(/[^a-z0-9 -]/g, ""));
  const cited = new Set(scenarios.map(({ section }) => section));
  expect([...cited].filter((each) => !anchors.includes(each.replaceAll("-", " ")))).toEqual([]);
  expect(cited.size).toBeGreaterThan(8);
});
