import { describe, expect, test } from "vitest";
import { runCampaign } from "../fuzz/campaign.ts";
import { minimise } from "../fuzz/minimise.ts";
import { Random } from "../fuzz/random.ts";
import type { Fault, Sequence } from "../fuzz/sequence.ts";
import { TARGETS } from "../fuzz/targets/index.ts";
import { longRuns, runs, seed } from "../src/runs.ts";

/**
 * Messages to each target. `SEED=2 RUNS=1000000 npx vitest run --project interop fuzzing` sends
 * more.
 */
const MESSAGES: Readonly<Record<string, number>> = {
  session: runs(15_000),
  ws: runs(1_500),
  http: runs(1_500),
  frames: runs(5_000),
  codec: runs(10_000),
};

describe("the fuzzer", longRuns, () => {
  test.each(Object.keys(TARGETS))("finds nothing in: %s", async (target) => {
    const messages = MESSAGES[target]!;
    const result = await runCampaign({ target, seed, messages, seconds: 3_600, minimiseFor: 10 });
    expect(result.findings).toEqual([]);
    expect(result.messages).toBeGreaterThanOrEqual(messages);
    // Some sequences must make sense: the server answers their calls.
    if (target !== "frames") expect(result.survived).toBeGreaterThan(result.sequences / 50);
  });

  test.each(Object.entries(TARGETS))(
    "makes the same sequences from the same seed: %s",
    (_, target) => {
      for (const mild of [false, true]) {
        for (let index = 0; index < 20; index++) {
          const make = () => JSON.stringify(target.generate(Random.of(seed, index), mild));
          expect(make()).toBe(make());
        }
      }
    },
  );

  test("makes findings small, and keeps the ids that count messages", async () => {
    const fault: Fault = { kind: "a fault", detail: "" };
    const texts = ['["push",["bytes","AA"]]', '["pull",1]', '["push",{"a":[[1,["import",0]]]}]'];
    const sequence: Sequence = { variant: {}, steps: texts.map((message) => ({ message })) };
    // The fault needs two pushes, and a reference to the main object.
    const run = async ({ steps }: Sequence) => {
      const text = JSON.stringify(steps);
      return text.split("push").length === 3 && text.includes("import") ? [fault] : [];
    };
    const smaller = await minimise(sequence, fault, run, 60);
    expect(smaller?.steps).toEqual([
      { message: '["push",0]' },
      { message: '["push",["import",0]]' },
    ]);
    expect(await minimise(sequence, fault, async () => [], 60)).toBeUndefined();
  });
});
