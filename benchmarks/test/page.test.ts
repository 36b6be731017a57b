import { describe, expect, it } from "vitest";
import type { GrowthResult, RecordedResult } from "../src/driver/results.ts";
import { page } from "../src/report/page.ts";
import { report, timed, traffic } from "./results.ts";

/** The cells of the first row of the page that begins so. */
function row(text: string, first: string): string[] {
  const line = text.split("\n").find((each) => each.startsWith(`| ${first} |`));
  if (line === undefined) throw new Error(`There is no row "${first}".`);
  return line
    .split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe("the overview", () => {
  const text = page(
    report(
      timed("calls", [
        ["ours", "reference", 2],
        ["ours", "raw", 0.94],
        ["ours", "birpc", 0.95],
        ["ours", "socket.io", 1.05],
        ["ours", "tRPC", 1.06],
      ]),
      timed("more calls", [["ours", "reference", 0.5]]),
      traffic("on the wire: calls", { ours: 2048, reference: 4096, raw: 1024 }),
      { ...timed("calls, in memory", [["ours", "reference", 9]]), link: "memory" },
    ),
  );

  it("marks the cases that ours loses, and those that are even", () => {
    expect(row(text, "calls")).toEqual([
      "10.0 µs / call",
      "2.00",
      "**▼ 0.94**",
      "≈ 0.95",
      "≈ 1.05",
      "1.06",
      "–",
    ]);
  });

  it("compares bytes: fewer are better", () => {
    const [ours, reference, raw] = row(text, "on the wire: calls");
    expect([ours, reference, raw]).toEqual(["2.00 KiB / call", "2.00", "**▼ 0.50**"]);
  });

  it("counts the cases by outcome for each library", () => {
    const [, reference, raw, birpc] = row(text, "_ours is ahead / even / behind_");
    expect([reference, raw, birpc]).toEqual(["2 / 0 / 1", "0 / 0 / 2", "0 / 1 / 0"]);
  });

  it("comes before everything else, and leaves out the cases in memory", () => {
    const overview = text.slice(0, text.indexOf("## Targets"));
    expect(overview).toContain("| more calls |");
    expect(overview).not.toContain("in memory");
  });

  it("compares ours with the reference at the other end in a table of its own", () => {
    const mixed = page(
      report(
        timed("calls", [
          ["ours/reference", "reference", 1.3],
          ["reference/ours", "reference", 0.9],
        ]),
      ),
    );
    const table = mixed.slice(mixed.indexOf("### With an unmodified peer"));
    expect(row(table, "calls")).toEqual(["1.30", "**▼ 0.90**"]);
  });

  it("compares lists of records by size", () => {
    const growth: GrowthResult = {
      kind: "growth",
      name: "growth: documents",
      about: "",
      link: "WebSocket",
      unit: "byte",
      figures: {
        ours: { points: [{ size: 1000, cost: 20_000 }], exponent: 1 },
        raw: { points: [{ size: 1000, cost: 10_000 }], exponent: 1 },
        birpc: { points: [{ size: 1000, cost: 30_000 }], exponent: 1 },
      },
    };
    const { measured } = timed("calls", []);
    const sizes = page(report({ ...growth, measured }));
    expect(row(sizes, "1,000")).toEqual(["20.0 µs", "**▼ 0.50**", "1.50"]);
  });
});

describe("the targets", () => {
  const targets = (...results: RecordedResult[]) => {
    const text = page(report(...results));
    return text.slice(text.indexOf("## Targets"), text.indexOf("## Speed"));
  };

  it("say which are met, as far as two decimals show", () => {
    const text = targets(
      timed("an order, 200 in flight", [
        ["ours", "raw", 0.996],
        ["ours", "birpc", 0.994],
      ]),
    );
    const name = "| an order, 200 in flight | ours → ours |";
    expect(text).toContain(`${name} ≥ 1.00 × hand-written | ✓ 1.00 |`);
    expect(text).toContain(`${name} ≥ 1.00 × birpc | **✗ 0.99** |`);
    expect(text).toContain(`${name} ≥ 1.00 × socket.io | – |`);
    expect(text).toMatch(/Met: 1 of \d+ on v26\.1\.0\./);
  });

  it("limit the bytes of a list to a share of those of plain JSON", () => {
    const name = "on the wire: 400 records, one at a time";
    const bound = `| ${name} | ours → ours | ≤ 0.65 × the bytes of hand-written`;
    expect(targets(traffic(name, { ours: 650, raw: 1000 }))).toContain(`${bound} | ✓ 0.65 |`);
    expect(targets(traffic(name, { ours: 660, raw: 1000 }))).toContain(`${bound} | **✗ 0.66** |`);
  });
});

describe("a case that was measured at another time, or with other code", () => {
  const later = { date: "2026-11-29T12:00:00.000Z", code: "1d68819d" };
  const text = page(
    report(
      timed("one call at a time", [["ours", "raw", 1]], later),
      timed("callbacks from the server", [["ours", "raw", 1]]),
    ),
  );

  it("is marked in the tables, and its section says when", () => {
    expect(text).toContain("† marks the cases");
    expect(row(text, "one call at a time †")).toContain("≈ 1.00");
    expect(text).toContain("Measured on 2026-11-29, with the code of 1d68819d.");
    expect(text).toContain("- Measured: on 2026-11-27, with the code of 0b6691fb");
  });

  it("leaves the others unmarked", () => {
    expect(row(text, "callbacks from the server")).toContain("≈ 1.00");
    expect(page(report(timed("calls", [])))).not.toContain("†");
  });
});
