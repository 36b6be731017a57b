import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { perSession } from "../../load/driver/memory.ts";
import type { LoadPlan } from "../../load/driver/run-load.ts";
import type { RunFigures } from "../../load/driver/stand.ts";
import { Latencies } from "../../load/models/latencies.ts";
import { chart } from "../../load/report/chart.ts";
import { page } from "../../load/report/page.ts";
import { readRecord } from "../../load/report/record.ts";
import { reportOf } from "../../load/report/results.ts";
import { kindTable, runTable } from "../../load/report/run-table.ts";
import { starvedNote } from "../../load/report/starved.ts";
import { asText } from "../../src/report/table.ts";

const PLAN: LoadPlan = {
  scenario: "mix",
  model: { model: "open", rate: 100, arrivals: "poisson" },
  sessions: 10,
  seconds: 2,
  generators: 1,
  seed: 1,
};

function of(...latencies: readonly number[]): Latencies {
  const histogram = new Latencies();
  for (const each of latencies) histogram.record(each);
  return histogram;
}

const FIGURES: RunFigures = {
  kinds: {
    call: { latencies: of(...Array(90).fill(1)), failures: { LIMIT: 2 } },
    map: { latencies: of(...Array(10).fill(500)), failures: { LIMIT: 1, REFUSED: 1 } },
  },
  lag: of(0.1),
  seconds: 2,
  server: { peakRss: 100 * 1024 ** 2, processorTime: 500, processor: 0.25, busy: 0.3 },
};

describe("the report of a run", () => {
  it("puts the operations of all kinds together", () => {
    const { all, kinds } = reportOf(PLAN, FIGURES);
    expect(all).toMatchObject({ rate: 50, failures: { LIMIT: 3, REFUSED: 1 } });
    expect(all.percentiles[1]).toBeCloseTo(1);
    expect(all.percentiles[2]! / 500).toBeCloseTo(1, 2);
    expect(kinds["map"]).toMatchObject({ rate: 5, failures: { LIMIT: 1, REFUSED: 1 } });
  });

  it("shows failures by code, and no percentile that too few operations give", () => {
    const report = reportOf(PLAN, FIGURES);
    const [, row] = asText(runTable([report])).split("\n") as [string, string];
    expect(row).toContain("LIMIT: 3, REFUSED: 1");
    // Of 100 operations, none is beyond p99.9.
    expect(row.trim().split(/ {2,}/).slice(0, 8)).toEqual([
      "mix",
      "50.0",
      "1.00 ms",
      "1.00 ms",
      "500 ms",
      "–",
      "–",
      "500 ms",
    ]);
    expect(asText(kindTable(report))).toContain("call");
  });

  it("tells latencies of a busy machine from those of a busy server", () => {
    const slow = { ...FIGURES, kinds: { call: { latencies: of(5_000, 5_000), failures: {} } } };
    const busy = { ...slow, server: { ...FIGURES.server, processor: 0.95 } };
    expect(starvedNote([reportOf(PLAN, FIGURES), reportOf(PLAN, busy)])).toBeUndefined();
    expect(starvedNote([reportOf(PLAN, slow)])).toMatch(/^These latencies are the machine's/);
    expect(starvedNote([reportOf(PLAN, FIGURES), reportOf(PLAN, slow)])).toContain("“mix”");
  });

  it("corrects the closed model, and keeps the latencies as they were seen", () => {
    const model = { model: "closed", think: 10 } as const;
    const slow = { ...FIGURES, kinds: { call: { latencies: of(1, 1, 1, 1_000), failures: {} } } };
    const { all, seen } = reportOf({ ...PLAN, model }, slow);
    expect(seen!.percentiles[0]).toBeCloseTo(1);
    // The user would have started about 90 operations during the slow one.
    expect(all.percentiles[0]).toBeGreaterThan(400);
    expect(all.rate).toBe(2);
  });
});

describe("the memory of a session", () => {
  it("is the growth of heap and buffers", () => {
    const at = (sessions: number, heap: number) => ({
      sessions,
      idle: { heap, external: 2 * heap, rss: 1e9 },
      active: { heap: 2 * heap, external: 0, rss: 1e9 },
    });
    const points = [at(0, 1_000), at(500, 5_000), at(1_000, 11_000)];
    expect(perSession(points, "idle")).toBe(30);
    expect(perSession(points, "active")).toBe(20);
  });
});

describe("docs/load.md and docs/load.svg", () => {
  const docs = (file: string) =>
    readFileSync(new URL(`../../../docs/${file}`, import.meta.url), "utf8");

  it("show the recorded results (npm run load -- --render)", () => {
    expect(docs("load.md")).toBe(page(readRecord()));
    expect(docs("load.svg")).toBe(chart(readRecord()));
  });
});
