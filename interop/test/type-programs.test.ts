import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TYPE_PROGRAMS } from "../src/type-programs/index.ts";
import { refusals } from "../src/type-programs/judge.ts";

/**
 * The topics that the reference judges in every run. For the others, its types take a minute, so
 * its verdicts are recorded. `JUDGE=all` judges everything; with `-u`, that records the verdicts.
 */
const JUDGED =
  process.env["JUDGE"] === "all"
    ? Object.keys(TYPE_PROGRAMS)
    : ["arguments", "results", "members", "callbacks"];
const RECORDED = fileURLToPath(
  new URL("../src/type-programs/reference-refuses.json", import.meta.url),
);

const ours = refusals("ours");

/** The names of the programs that the reference refuses. */
const recorded: string[] = JSON.parse(readFileSync(RECORDED, "utf8"));

test("the recorded verdicts on programs are the reference's", async () => {
  const now = refusals("reference", JUDGED);
  const kept = recorded.filter((name) => !JUDGED.includes(name.split(":")[0]!));
  const all = [...kept, ...now.keys()].sort();
  await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot(RECORDED);
});

describe.each(Object.entries(TYPE_PROGRAMS))("the types of %s", (topic, programs) => {
  test.each(programs.map((program) => ({ ...program })))("$name", ({ name, deviates }) => {
    const key = `${topic}: ${name}`;
    const verdict = ours.has(key) ? "refuses" : "accepts";
    const reference = recorded.includes(key) ? "refuses" : "accepts";
    const complaint = `${ours.get(key)}: ${deviates?.because}`;
    if (deviates === undefined) expect(verdict, complaint).toBe(reference);
    else expect({ verdict, reference }, complaint).toEqual(differing(deviates.ours));
  });
});

const differing = (verdict: "accepts" | "refuses") => ({
  verdict,
  reference: verdict === "accepts" ? "refuses" : "accepts",
});

test("the type programs have unique names; some compile and some don't", () => {
  const all = Object.entries(TYPE_PROGRAMS).flatMap(([topic, programs]) =>
    programs.map(({ name }) => `${topic}: ${name}`),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(ours.size).toBeGreaterThan(60);
  expect(all.length - ours.size).toBeGreaterThan(60);
});
