import { describe, expect, it } from "vitest";
import { cases } from "../src/cases/index.ts";
import { order } from "../src/cases/order.ts";
import { records, recordsOf } from "../src/cases/records.ts";
import { TARGETS } from "../src/report/targets.ts";

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("the documents", () => {
  it("are plain JSON of the sizes that the cases name", () => {
    expect(JSON.parse(JSON.stringify(order))).toEqual(order);
    expect(bytesOf(order)).toBeGreaterThan(1300);
    expect(bytesOf(order)).toBeLessThan(1450);
    expect(bytesOf(records(400)) / 1000).toBeCloseTo(26, 0);
  });

  it("come in every size, to the byte", () => {
    for (const size of [10, 100, 150, 1000, 10_000, 100_000]) {
      expect(bytesOf(recordsOf(size))).toBe(size);
    }
  });
});

describe("the cases", () => {
  it("have distinct names", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it("include those of each target, with its pairs", () => {
    for (const target of TARGETS) {
      const found = cases.find(({ name }) => name === target.case);
      expect(found?.pairs, target.case).toContain(target.pair);
      if (target.against) expect(found?.pairs, target.case).toContain(target.against);
    }
  });
});
