import type { ProtocolVersion } from "@capnweb/testkit";
import { loadScenarios, type ScenarioResult, verdictOf } from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { runClient, runServer } from "../src/conformance-runs.ts";
import { RELEASES } from "../src/releases.ts";

const transcripts = await loadScenarios();

/** Milliseconds for a test. All of them wait for sockets and pauses, many at once. */
const TIMEOUT = 600_000;

const failures = (results: readonly ScenarioResult[]) =>
  results.flatMap((each) => (verdictOf(each) === "failed" ? [`${each.id} ${each.failure}`] : []));

describe.concurrent.each([...RELEASES])(
  "the reference's release %s passes its profile",
  { timeout: TIMEOUT },
  (version, release) => {
    const selection = { profile: version as ProtocolVersion, demandsOnly: true, timeout: 60_000 };

    test.each(["WebSocket", "HTTP batch"] as const)("as a server over %s", async (medium) => {
      const results = await runServer(release, medium, transcripts, { ...selection, parallel: 8 });
      expect(failures(results)).toEqual([]);
      expect(results.length).toBeGreaterThan(60);
    });

    test("as a client", async () => {
      const results = await runClient(release, transcripts, selection);
      expect(failures(results)).toEqual([]);
      expect(results.length).toBeGreaterThan(100);
    });
  },
);
