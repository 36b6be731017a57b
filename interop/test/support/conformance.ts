import { type Side, scenarioSlug } from "@capnweb/testkit";
import {
  loadScenarios,
  type ScenarioResult,
  type ServerTestOptions,
} from "@capnweb/testkit/conformance";
import { expect, test } from "vitest";
import { runClient, runServer } from "../../src/conformance-runs.ts";
import { goldenScenes } from "../../src/golden/index.ts";
import { type Implementation, REFERENCE } from "../../src/implementation.ts";

const transcripts = await loadScenarios();
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
        .map(({ name }) => transcripts.get(scenarioSlug(name))!.id);

/** The failures of a strict run that {@link deviating} doesn't justify. */
const unjustified = (results: readonly ScenarioResult[], justified: readonly string[]) =>
  failures(results).filter(({ id }) => !justified.includes(id));

/** Registers the tests that run the kit against both sides of an implementation. */
export function testConformance(implementation: Implementation): void {
  test.each(["WebSocket", "HTTP batch"] as const)(
    "conforms as a server over %s",
    async (medium) => {
      const run = (options: ServerTestOptions) =>
        runServer(implementation, medium, transcripts, { parallel: 4, ...options });
      const strict = await run({ strict: true });
      expect(unjustified(strict, deviating(implementation, "server"))).toEqual([]);
      const results = await run({});
      expect(failures(results)).toEqual([]);
      expect(
        results.flatMap(({ habits }) => habits ?? []).every((each) => each === "wording"),
      ).toBe(true);
      expect(results.length).toBeGreaterThan(100);
    },
  );

  test("conforms as a client", async () => {
    const results = await runClient(implementation, transcripts, { strict: true });
    expect(unjustified(results, deviating(implementation, "client"))).toEqual([]);
    // A client may hang up before it is connected, in a scenario that demands nothing.
    const skipped = results.filter((each) => each.skipped && !each.skipped.includes("needn't"));
    expect(skipped).toEqual([]);
    expect(results.length).toBeGreaterThan(200);
  });
}
