import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponential, randomOf } from "../../load/models/random.ts";
import { trendOf } from "../../load/soak/flatness.ts";

const TOLERANCE = { absolute: 1, relative: 0.02 };
const MIB = 1024 ** 2;
const MEMORY = { absolute: MIB / 2, relative: 0.02 };

/** Samples with noise of about 3 % in both directions, and now and then a large outlier. */
function noisy(seed: number, count: number, level: (i: number) => number): number[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) => {
    const noise = (exponential(random, 1) - exponential(random, 1)) * 0.02;
    const outlier = random() < 0.05 ? 0.5 : 0;
    return level(i) * (1 + noise + outlier);
  });
}

describe("trendOf", () => {
  it("finds a series that leaks", () => {
    const leaking = Array.from({ length: 18 }, (_, i) => 100 + i);
    expect(trendOf(leaking, TOLERANCE)).toMatchObject({
      first: 102.5,
      last: 114.5,
      sloped: 12,
      isFlat: false,
    });
  });

  it("passes a noisy series that is flat, whatever the noise", () => {
    const seeds = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 18, max: 60 }), (seed, count) => {
        expect(
          trendOf(
            noisy(seed, count, () => 40 * MIB),
            MEMORY,
          ).isFlat,
        ).toBe(true);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("finds a leak of 10 % under noise", () => {
    const seeds = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(seeds, (seed) => {
        const leaking = noisy(seed, 45, (i) => 40 * MIB * (1 + (0.15 * i) / 45));
        expect(trendOf(leaking, MEMORY).isFlat).toBe(false);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("passes growth within the tolerance, absolute or relative", () => {
    const slight = Array.from({ length: 18 }, (_, i) => 100 + i / 20);
    expect(trendOf(slight, TOLERANCE).isFlat).toBe(true);
    expect(trendOf(slight, { absolute: 0.1, relative: 0 }).isFlat).toBe(false);
    expect(trendOf(slight, { absolute: 0, relative: 0.02 }).isFlat).toBe(true);
  });

  it("passes series that fall, swing, or have a single peak", () => {
    const of = (level: (i: number) => number) => Array.from({ length: 18 }, (_, i) => level(i));
    expect(
      trendOf(
        of((i) => 100 - i),
        TOLERANCE,
      ).isFlat,
    ).toBe(true);
    expect(
      trendOf(
        of((i) => 100 + 20 * (i % 3)),
        TOLERANCE,
      ).isFlat,
    ).toBe(true);
    expect(
      trendOf(
        of((i) => (i === 17 ? 500 : 100)),
        TOLERANCE,
      ).isFlat,
    ).toBe(true);
  });

  it("finds a step that stays", () => {
    const stepped = Array.from({ length: 18 }, (_, i) => (i < 9 ? 0 : 20));
    expect(trendOf(stepped, { absolute: 5, relative: 0 }).isFlat).toBe(false);
  });

  it("throws for too few samples", () => {
    expect(() => trendOf([1, 2, 3, 4, 5], TOLERANCE)).toThrow(RangeError);
  });
});
