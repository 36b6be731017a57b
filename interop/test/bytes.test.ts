import { describe, expect, test } from "vitest";
import { OURS, REFERENCE } from "../src/implementation.ts";
import { runInMemory } from "../src/run-in-memory.ts";
import { scenarios } from "../src/scenarios/index.ts";

/** Both sides' results and messages are those of the reference with itself, byte for byte. */
describe.each(scenarios.filter((scenario) => scenario.deviates === undefined))(
  "$name",
  (scenario) => {
    test("as the reference does it", async () => {
      const expected = await runInMemory(scenario, REFERENCE, REFERENCE);
      expect(await runInMemory(scenario, OURS, OURS), "ours with ours").toEqual(expected);
      expect(await runInMemory(scenario, OURS, REFERENCE), "our client").toEqual(expected);
      expect(await runInMemory(scenario, REFERENCE, OURS), "our server").toEqual(expected);
    });
  },
);
