import { describe, expect, it } from "vitest";
import type { Pair } from "../src/cases/case.ts";
import type { Comparison, TimedResult, TrafficResult } from "../src/driver/results.ts";
import { findingsIn, LEAST_TOLERANCE } from "../src/report/verdict.ts";

function timed(...comparisons: readonly Comparison[]): TimedResult {
  return {
    kind: "timed",
    name: "calls",
    about: "",
    link: "WebSocket",
    unit: "call",
    figures: {},
    comparisons,
  };
}

function comparison(median: number, noise: number, pair: Pair = "ours"): Comparison {
  return { pair, against: "reference", median, low: median, high: median, noise };
}

function traffic(messages: number, bytes: number, isExact = true): TrafficResult {
  return {
    kind: "traffic",
    name: "on the wire: calls",
    about: "",
    link: "WebSocket",
    unit: "call",
    units: 10,
    figures: {
      ours: { messages, frames: messages, bytes, isExact },
      birpc: { messages: bytes, frames: 1, bytes: messages, isExact: true },
    },
  };
}

describe("the verdict on a ratio", () => {
  it("accepts a better one, and a decrease within the recorded noise", () => {
    const recorded = timed(comparison(2, 0.2));
    for (const now of [3, 2, 1.61]) {
      expect(findingsIn(recorded, timed(comparison(now, 0)))).toEqual([]);
    }
  });

  it("refuses a larger decrease, however noisy the new run is", () => {
    const [finding, ...more] = findingsIn(timed(comparison(2, 0.2)), timed(comparison(1.59, 3)));
    expect(more).toEqual([]);
    expect(finding?.case).toBe("calls");
    expect(finding?.message).toBe(
      "ours against reference is 1.59; it was 2.00, with 20 % of noise.",
    );
  });

  it("allows more noise than a lucky run had", () => {
    const recorded = timed(comparison(2, 0));
    const least = 2 * (1 - LEAST_TOLERANCE);
    expect(findingsIn(recorded, timed(comparison(least + 0.01, 0)))).toEqual([]);
    expect(findingsIn(recorded, timed(comparison(least - 0.01, 0)))).toHaveLength(1);
  });

  it("covers each pair that includes ours, and no other", () => {
    const pairs: Pair[] = ["ours", "ours/reference", "reference/ours", "tRPC", "raw"];
    const all = (median: number) => timed(...pairs.map((pair) => comparison(median, 0, pair)));
    expect(findingsIn(all(2), all(1))).toHaveLength(3);
  });

  it("leaves out comparisons with other libraries", () => {
    const besideBirpc = (median: number) => timed({ ...comparison(median, 0), against: "birpc" });
    expect(findingsIn(besideBirpc(2), besideBirpc(1))).toEqual([]);
  });

  it("reports a ratio that is no longer measured", () => {
    const [finding] = findingsIn(timed(comparison(2, 0.2)), timed());
    expect(finding?.message).toBe("ours against reference is no longer measured.");
  });
});

describe("the verdict on messages and bytes", () => {
  it("refuses more as well as fewer", () => {
    expect(findingsIn(traffic(20, 800), traffic(20, 800))).toEqual([]);
    for (const [messages, bytes] of [
      [21, 800],
      [19, 800],
      [20, 801],
    ] as const) {
      expect(findingsIn(traffic(20, 800), traffic(messages, bytes))).toHaveLength(1);
    }
    expect(findingsIn(traffic(20, 800), traffic(10, 400))).toHaveLength(2);
  });

  it("accepts differences if they differed when they were recorded", () => {
    expect(findingsIn(traffic(20, 800, false), traffic(30, 900))).toEqual([]);
  });

  it("covers ours alone, and not those of other libraries", () => {
    const { figures, ...rest } = traffic(20, 800);
    const changed = { ...figures, birpc: { messages: 1, frames: 1, bytes: 1, isExact: true } };
    expect(findingsIn({ ...rest, figures }, { ...rest, figures: changed })).toEqual([]);
  });

  it("reports figures that are no longer counted", () => {
    const { figures: _, ...rest } = traffic(20, 800);
    expect(findingsIn(traffic(20, 800), { ...rest, figures: {} })).toHaveLength(1);
  });
});
