import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pair } from "../src/cases/case.ts";
import { compare } from "../src/driver/compare.ts";
import { exponentOf, growthOf, LINEAR } from "../src/statistics/growth.ts";
import { ratioOf } from "../src/statistics/ratio.ts";
import { quantile, spreadOf } from "../src/statistics/spread.ts";

const costs = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1 });

describe("spreadOf", () => {
  it("gives the middle value, or the mean of the two in the middle", () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  });

  it("interpolates between neighbours", () => {
    expect(spreadOf([0, 10, 20, 30, 40])).toEqual({ median: 20, low: 10, high: 30 });
    expect(quantile([0, 10], 0.9)).toBe(9);
  });

  it("gives the same for any order, and doesn't change its argument", () => {
    fc.assert(
      fc.property(costs, (values) => {
        const before = [...values];
        expect(spreadOf(values)).toEqual(spreadOf(values.toReversed()));
        expect(values).toEqual(before);
      }),
    );
  });

  it("stays within the range of the values", () => {
    fc.assert(
      fc.property(costs, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = quantile(values, share);
        expect(found).toBeGreaterThanOrEqual(Math.min(...values));
        expect(found).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  it("throws without values", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe("ratioOf", () => {
  it("compares within a round, so that a round slow for both changes nothing", () => {
    const { median, noise } = ratioOf([20, 200, 20, 22], [10, 100, 10, 11]);
    expect(median).toBe(2);
    expect(noise).toBe(0);
  });

  it("stays the same if one side has a bad round, but reports noise", () => {
    const { median, noise } = ratioOf([10, 10, 10, 10, 90], [10, 10, 10, 10, 10]);
    expect(median).toBe(1);
    expect(noise).toBeGreaterThan(0.5);
  });

  it("throws for different numbers of rounds", () => {
    expect(() => ratioOf([1, 2], [1])).toThrow(RangeError);
  });
});

describe("compare", () => {
  it("compares all with the baselines, and ours alone with other libraries", () => {
    const costs = new Map<Pair, number[]>([
      ["ours", [10]],
      ["ours/reference", [15]],
      ["reference", [20]],
      ["birpc", [12]],
    ]);
    const compared = compare(costs).map((each) => [each.pair, each.against, each.median]);
    expect(compared).toEqual([
      ["ours", "reference", 2],
      ["ours/reference", "reference", 20 / 15],
      ["birpc", "reference", 20 / 12],
      ["ours", "birpc", 1.2],
    ]);
  });
});

describe("exponentOf and growthOf", () => {
  const sizes = [10, 100, 1000, 10_000, 100_000];

  it("find the exponent of a power law", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3, noNaN: true }), (exponent) => {
        const points = sizes.map((size) => ({ size, cost: 7 * size ** exponent }));
        expect(exponentOf(points)).toBeCloseTo(exponent, 6);
      }),
    );
  });

  it("ignore fixed costs at small sizes", () => {
    const exponent = exponentOf(sizes.map((size) => ({ size, cost: 5000 + size })));
    expect(exponent).toBeGreaterThan(0.5);
    expect(growthOf(exponent)).toBe("linear or less");
  });

  it("call a sort linear, and items that become twice as expensive", () => {
    const sorted = sizes.map((size) => ({ size, cost: size * Math.log2(size) }));
    const dearer = sizes.map((size) => ({ size, cost: size * size ** 0.15 }));
    expect(growthOf(exponentOf(sorted))).toBe("linear or less");
    expect(growthOf(exponentOf(dearer))).toBe("linear or less");
  });

  it("recognise a search through all items, even a cheap one", () => {
    const points = sizes.map((size) => ({ size, cost: size + size ** 2 / 30_000 }));
    expect(growthOf(exponentOf(points))).toBe("more than linear");
  });

  it("don't blame a program for costs that the hand-written one has too", () => {
    const more = LINEAR + 0.1;
    expect(growthOf(more, more)).toBe("as hand-written");
    expect(growthOf(more, LINEAR)).toBe("more than linear");
    expect(growthOf(more, 0.9)).toBe("more than linear");
  });

  it("need two points", () => {
    expect(() => exponentOf([{ size: 10, cost: 1 }])).toThrow(RangeError);
  });
});
