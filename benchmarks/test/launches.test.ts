import { describe, expect, it } from "vitest";
import { isWorse, quietRatio, ratioOfLaunches } from "../src/statistics/launches.ts";

describe("quietRatio", () => {
  it("ignores turns that other work of the machine slowed down", () => {
    const quiet = [11, 11, 11, 11];
    expect(quietRatio([...quiet, 90, 70], [10, 10, 10, 10, 10, 40])).toBeCloseTo(1.1);
  });

  it("isn't led by a single lucky turn", () => {
    expect(quietRatio([1, ...Array(9).fill(10)], Array(10).fill(10))).toBe(1);
  });

  it("throws without turns", () => {
    expect(() => quietRatio([], [1])).toThrow(RangeError);
  });
});

describe("ratioOfLaunches", () => {
  it("takes the error from the differences between launches", () => {
    expect(ratioOfLaunches([1.02, 1.02, 1.02])).toEqual({ median: 1.02, error: 0 });
    const { median, error } = ratioOfLaunches([1, 1.1, 1.2, 1.1]);
    expect(median).toBeCloseTo(1.1);
    expect(error).toBeCloseTo(0.0408, 3);
  });

  it("throws for a single launch", () => {
    expect(() => ratioOfLaunches([1])).toThrow(RangeError);
  });
});

describe("isWorse", () => {
  it("allows the tolerance, and twice the error", () => {
    expect(isWorse({ median: 1.02, error: 0 }, 0.02)).toBe(false);
    expect(isWorse({ median: 1.03, error: 0.006 }, 0.02)).toBe(false);
    expect(isWorse({ median: 1.03, error: 0.004 }, 0.02)).toBe(true);
  });
});
