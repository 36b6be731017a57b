import { describe, expect, test } from "vitest";
import { isRecordingNode } from "../src/golden/record.ts";
import { type Implementation, OURS, REFERENCE } from "../src/implementation.ts";
import { runInMemory } from "../src/run-in-memory.ts";
import { scenarios } from "../src/scenarios/index.ts";

/** Compares the results and messages of both sides with those of the reference with itself. */
describe.each(scenarios.filter((scenario) => scenario.deviates === undefined))(
  "$name",
  (scenario) => {
    test("our sides send what the reference sends", async () => {
      const isUnordered = scenario.isPiped || (scenario.isReadByPlatform && !isRecordingNode);
      const run = async (client: Implementation, server: Implementation) => {
        const { sent, ...rest } = await runInMemory(scenario, client, server);
        // Our streams aren't the platform's pipes, so a chunk may leave a microtask later.
        const isPiped = [...sent.client, ...sent.server].includes('["pipe"]');
        if (!isUnordered && !isPiped) return { sent, ...rest };
        return {
          sent: { client: [...sent.client].sort(), server: [...sent.server].sort() },
          ...rest,
        };
      };
      const expected = await run(REFERENCE, REFERENCE);
      expect(await run(OURS, OURS), "ours with ours").toEqual(expected);
      expect(await run(OURS, REFERENCE), "our client").toEqual(expected);
      expect(await run(REFERENCE, OURS), "our server").toEqual(expected);
    });
  },
);
