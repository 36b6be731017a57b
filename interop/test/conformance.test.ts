import { once } from "node:events";
import {
  createApplication,
  FEATURES,
  type Feature,
  runScenarios,
  type Side,
  scenarioId,
} from "@capnweb/testkit";
import {
  loadTranscripts,
  type ScenarioResult,
  serveConformance,
  testServer,
} from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { goldenScenes } from "../src/golden/index.ts";
import { IMPLEMENTATIONS, type Implementation, REFERENCE } from "../src/implementation.ts";
import { transports } from "../src/transports.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const transcripts = await loadTranscripts();
const failures = (results: readonly ScenarioResult[]) =>
  results.filter(({ failure }) => failure !== undefined);

/**
 * The scenarios in which our side words its errors in its own way, or deviates for a better reason.
 */
const deviating = (implementation: Implementation, side: Side) =>
  implementation === REFERENCE
    ? []
    : goldenScenes
        .filter(({ deviates }) => deviates?.side === side)
        .map(({ name }) => scenarioId(name));

/** The failures of a strict run that {@link deviating} doesn't justify. */
const unjustified = (results: readonly ScenarioResult[], justified: readonly string[]) =>
  failures(results).filter(({ id }) => !justified.includes(id));

describe.each(Object.entries(IMPLEMENTATIONS))("%s", (_, implementation) => {
  test.each(["WebSocket", "HTTP batch"])("conforms as a server over %s", async (name) => {
    const running = await transports[name]!(implementation, implementation, () =>
      createApplication(implementation),
    );
    try {
      const all = [...transcripts.values()];
      const strict = await testServer(running.url!, all, { strict: true });
      expect(unjustified(strict, deviating(implementation, "server"))).toEqual([]);
      const results = await testServer(running.url!, all, { parallel: 4 });
      expect(failures(results)).toEqual([]);
      expect(
        results.flatMap(({ habits }) => habits ?? []).every((each) => each === "wording"),
      ).toBe(true);
      expect(results.length).toBeGreaterThan(100);
    } finally {
      await running.stop();
    }
  });

  test("conforms as a client", async () => {
    const server = await serveConformance(transcripts, { strict: true });
    let socket: WebSocket;
    try {
      await runScenarios(server.url, {
        implementation,
        connect(url) {
          socket = new WebSocket(url);
          return implementation.newWebSocketRpcSession(socket);
        },
        async opened() {
          if (socket.readyState === socket.CONNECTING) await once(socket, "open");
        },
        quiet: 20,
      });
      const results = await server.done;
      expect(unjustified(results, deviating(implementation, "client"))).toEqual([]);
      expect(results.filter((each) => each.skipped)).toEqual([]);
      expect(results.length).toBeGreaterThan(200);
    } finally {
      await server.close();
    }
  });
});

test("every feature has conformance scenarios for both sides", () => {
  const seen = { client: new Set<Feature>(), server: new Set<Feature>() };
  for (const transcript of transcripts.values()) {
    for (const side of ["client", "server"] as const) {
      if (!("raw" in transcript[side]))
        for (const each of transcript.features) seen[side].add(each);
    }
  }
  expect([...seen.client].sort()).toEqual([...FEATURES].sort());
  expect([...seen.server].sort()).toEqual([...FEATURES].sort());
});
