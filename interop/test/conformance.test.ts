import { FEATURES, type Feature } from "@capnweb/testkit";
import { loadScenarios } from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { OURS } from "../src/implementation.ts";
import { testConformance } from "./support/conformance.ts";

// conformance.slow.test.ts runs the kit against the reference, and against ours with extensions.
describe("ours", () => {
  testConformance(OURS);
});

test("every feature has conformance scenarios for both sides", async () => {
  const seen = { client: new Set<Feature>(), server: new Set<Feature>() };
  for (const transcript of (await loadScenarios()).values()) {
    for (const side of ["client", "server"] as const) {
      if (!("raw" in transcript[side]))
        for (const each of transcript.features) seen[side].add(each);
    }
  }
  expect([...seen.client].sort()).toEqual([...FEATURES].sort());
  expect([...seen.server].sort()).toEqual([...FEATURES].sort());
});
