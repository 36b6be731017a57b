import {
  loadTranscripts,
  type ServerTestOptions,
  testServer,
  verdictOf,
} from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { ALLOWED } from "../src/mutants/allowed.ts";
import { FORBIDDEN } from "../src/mutants/forbidden.ts";
import { type Mutate, serveMutant } from "../src/mutants/mutant.ts";

const transcripts = [...(await loadTranscripts()).values()];

async function run(mutate: Mutate, options: ServerTestOptions) {
  const { url, stop } = await serveMutant(mutate);
  try {
    return await testServer(url, transcripts, { parallel: 8, ...options });
  } finally {
    await stop();
  }
}

describe("the conformance kit fails a server that", () => {
  test.each(FORBIDDEN)("$name", async ({ mutate, features, only, complaint }) => {
    const results = await run(mutate, { features, only, timeout: 400 });
    const failures = results.flatMap(({ failure }) => failure ?? []);
    expect(
      failures.filter((failure) => complaint.test(failure)).length,
      failures.join("\n"),
    ).not.toBe(0);
  });
});

describe("the conformance kit passes a server that", () => {
  test.each(ALLOWED)("$name", async ({ mutate, only, habits }) => {
    const results = await run(mutate, { timeout: 50_000, only });
    expect(results.filter((each) => verdictOf(each) === "failed")).toEqual([]);
    const shown = new Set(results.flatMap((each) => each.habits ?? []));
    // Our errors have words of their own in some scenarios.
    shown.delete("wording");
    expect([...shown]).toEqual(habits.filter((each) => each !== "wording"));
    if (habits.includes("wording")) {
      const worded = results.filter((each) => each.habits?.includes("wording"));
      expect(worded.length).toBeGreaterThan(100);
    }
  });
});
