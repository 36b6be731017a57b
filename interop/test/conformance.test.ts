import { once } from "node:events";
import { createApplication, FEATURES, type Feature, runScenarios } from "@capnweb/testkit";
import { loadTranscripts, serveConformance, testServer } from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { IMPLEMENTATIONS } from "../src/implementation.ts";
import { transports } from "../src/transports.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const transcripts = await loadTranscripts();
const failures = (results: readonly { name: string; failure: string | undefined }[]) =>
  results.filter(({ failure }) => failure !== undefined);

describe.each(Object.entries(IMPLEMENTATIONS))("%s", (_, implementation) => {
  test.each(["WebSocket", "HTTP batch"])("conforms as a server over %s", async (name) => {
    const running = await transports[name]!(implementation, implementation, () =>
      createApplication(implementation),
    );
    try {
      const results = await testServer(running.url!, [...transcripts.values()]);
      expect(failures(results)).toEqual([]);
      expect(results.length).toBeGreaterThan(100);
    } finally {
      await running.stop();
    }
  });

  test("conforms as a client", async () => {
    const server = await serveConformance(transcripts);
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
      expect(failures(results)).toEqual([]);
      expect(results.filter((each) => each.skipped)).toEqual([]);
      expect(results.length).toBeGreaterThan(200);
    } finally {
      await server.close();
    }
  });
});

test("every feature has scenarios for both sides", () => {
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
