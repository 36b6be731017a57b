import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createApi } from "../src/application.ts";
import { IMPLEMENTATIONS, type Implementation, OURS, REFERENCE } from "../src/implementation.ts";
import { runInMemory } from "../src/run-in-memory.ts";
import { scenarios } from "../src/scenarios/index.ts";
import type { Scenario } from "../src/scenarios/scenario.ts";
import { type Running, transports } from "../src/transports.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const NAMES = Object.keys(IMPLEMENTATIONS);
const PAIRS = NAMES.flatMap((client) => NAMES.map((server) => ({ client, server })));

for (const [transport, start] of Object.entries(transports)) {
  describe.each(PAIRS)(`${transport}: $client as the client, $server as the server`, (pair) => {
    let running: Running;
    const events: string[] = [];

    beforeAll(async () => {
      const server = IMPLEMENTATIONS[pair.server]!;
      running = await start(IMPLEMENTATIONS[pair.client]!, server, () => createApi(server, events));
    });
    afterAll(() => running.stop());

    const applicable = scenarios.filter((scenario) => {
      if (transport === "HTTP batch" && !scenario.oneBatch) return false;
      const where = scenario.deviates?.where;
      return where === undefined || where === "bytes" || IMPLEMENTATIONS[pair[where]] !== REFERENCE;
    });

    test.each(applicable)("$name", async (scenario) => {
      const expected = await runInMemory(scenario, OURS, OURS);
      events.length = 0;
      const result = await run(scenario, running, IMPLEMENTATIONS[pair.client]!, events);
      expect(result).toEqual(expected.result);
    });
  });
}

async function run(
  scenario: Scenario,
  running: Running,
  client: Implementation,
  events: readonly string[],
): Promise<unknown> {
  const api = running.connect();
  // A round trip takes in everything sent before it. Three also cover the effects.
  const settle = async () => {
    for (let i = 0; i < 3; i++) await api.nothing();
  };
  try {
    return JSON.stringify(await scenario.run({ api, client, events, settle }));
  } finally {
    api[Symbol.dispose]();
  }
}
