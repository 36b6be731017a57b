import { describe, expect, it } from "vitest";
import type { Run } from "../src/driver/results.ts";
import { checkConditions, updated } from "../src/report/record.ts";
import { report, traffic } from "./results.ts";

const result = (name: string, bytes = 1) => traffic(name, { ours: bytes });

const recorded: readonly Run[] = [
  { node: "v26.0.0", results: [result("calls"), result("batches")] },
  { node: "v20.0.0", results: [result("calls")] },
];

describe("a case that is measured again", () => {
  const names = ["calls", "streams", "batches"];

  it("replaces the record of its case and its Node, and nothing else", () => {
    const latest = [{ node: "v26.0.0", results: [result("batches", 2)] }];
    expect(updated(recorded, latest, names)).toEqual([
      { node: "v26.0.0", results: [result("calls"), result("batches", 2)] },
      recorded[1],
    ]);
  });

  it("takes its place among the cases if it is new", () => {
    const latest = [{ node: "v26.0.0", results: [result("streams")] }];
    const [run] = updated(recorded, latest, names);
    expect(run!.results).toEqual([result("calls"), result("streams"), result("batches")]);
  });
});

it("drops the results of cases that there are no more", () => {
  const [run] = updated(recorded, [], ["batches"]);
  expect(run!.results).toEqual([result("batches")]);
});

describe("a case that is measured under other conditions", () => {
  const recorded = report();
  const { date: _, code: __, runs: ___, ...conditions } = recorded;

  it("isn't combined with the record", () => {
    expect(() => checkConditions(recorded, conditions, ["v26.1.0"])).not.toThrow();
    const other = { ...conditions, versions: { ws: "9.0.0" } };
    expect(() => checkConditions(recorded, other, [])).toThrow(/versions/);
    expect(() => checkConditions(recorded, conditions, ["v26.2.0"])).toThrow(/v26\.2\.0/);
    const older = { ...recorded, format: recorded.format - 1 };
    expect(() => checkConditions(older, conditions, [])).toThrow(/format/);
  });
});
