import { describe, expect, test } from "vitest";
import { TYPE_PROGRAMS } from "../src/type-programs/index.ts";
import { refusals } from "../src/type-programs/judge.ts";

/** A verdict, with the compiler's complaint where there is one. */
const verdict = (complaint: string | undefined) =>
  complaint === undefined ? "accepts" : `refuses: ${complaint}`;

describe.each(Object.entries(TYPE_PROGRAMS))("the types of %s", (topic, programs) => {
  test.each(programs.map((program) => ({ ...program })))("$name", ({ name, deviates }) => {
    const ours = verdict(judged().ours.get(`${topic}: ${name}`));
    const reference = verdict(judged().reference.get(`${topic}: ${name}`));
    const sort = (text: string) => text.slice(0, "accepts".length);
    if (deviates === undefined) {
      expect(sort(ours), `ours ${ours}; the reference ${reference}`).toBe(sort(reference));
    } else {
      expect(sort(ours), ours).toBe(deviates.ours);
      expect(sort(reference), `the reference ${reference}`).not.toBe(deviates.ours);
    }
  });
});

test("the programs are some that compile and some that don't, each with a name of its own", () => {
  const all = Object.entries(TYPE_PROGRAMS).flatMap(([topic, programs]) =>
    programs.map(({ name }) => `${topic}: ${name}`),
  );
  expect(new Set(all).size).toBe(all.length);
  const { ours } = judged();
  expect(ours.size).toBeGreaterThan(60);
  expect(all.length - ours.size).toBeGreaterThan(60);
});

let verdicts: { ours: Map<string, string>; reference: Map<string, string> } | undefined;

/** All programs are compiled at once, when the first verdict is asked for. */
function judged() {
  verdicts ??= { ours: refusals("ours"), reference: refusals("reference") };
  return verdicts;
}
