import { describe, expect, it } from "vitest";
import type { Report, Result, Run } from "../src/driver/results.ts";
import { checkConditions, updated } from "../src/report/record.ts";

function result(name: string, units = 1): Result {
  return { kind: "traffic", name, about: "", link: "WebSocket", unit: "call", units, figures: {} };
}

const recorded: readonly Run[] = [
  { node: "v26.0.0", results: [result("calls"), result("batches")] },
  { node: "v20.0.0", results: [result("calls")] },
];

describe("a case that is measured again", () => {
  it("replaces the record of its case and its Node, and nothing else", () => {
    expect(updated(recorded, [{ node: "v26.0.0", results: [result("batches", 2)] }])).toEqual([
      { node: "v26.0.0", results: [result("calls"), result("batches", 2)] },
      recorded[1],
    ]);
  });

  it("is added to the record if it is new", () => {
    const [, run] = updated(recorded, [{ node: "v20.0.0", results: [result("streams")] }]);
    expect(run!.results).toEqual([result("calls"), result("streams")]);
  });
});

describe("a case that is measured under other conditions", () => {
  const conditions = {
    machine: { cpu: "a", cores: 2 },
    plan: { launches: 3 },
    versions: { ws: "8.0.0" },
  } as unknown as Omit<Report, "date" | "runs">;
  const report: Report = { date: "", ...conditions, runs: recorded };

  it("isn't combined with the record", () => {
    expect(() => checkConditions(report, conditions, ["v20.0.0"])).not.toThrow();
    const other = { ...conditions, versions: { ws: "9.0.0" } };
    expect(() => checkConditions(report, other, [])).toThrow(/versions/);
    expect(() => checkConditions(report, conditions, ["v26.1.0"])).toThrow(/v26\.1\.0/);
  });
});
