import { describe, expect, it } from "vitest";
import { Latencies } from "../../load/models/latencies.ts";

describe("Latencies", () => {
  it("keeps three digits from a microsecond to ten minutes", () => {
    for (const latency of [0.001, 0.123, 12.34, 1_234, 599_000]) {
      const latencies = new Latencies();
      latencies.record(latency);
      expect(latencies.max / latency).toBeCloseTo(1, 2);
    }
  });

  it("takes latencies beyond its range as the longest", () => {
    const latencies = new Latencies();
    latencies.record(10_000_000);
    expect(latencies.count).toBe(1);
    expect(latencies.max).toBeCloseTo(600_000, -3);
  });

  it("gives no percentile that fewer operations than one are beyond", () => {
    const latencies = new Latencies();
    for (let i = 1; i <= 1_000; i++) latencies.record(i);
    expect(latencies.percentile(99.9)).toBeCloseTo(999, 0);
    expect(latencies.percentile(99.99)).toBeUndefined();
    for (let i = 1; i <= 9_000; i++) latencies.record(1);
    expect(latencies.percentile(99.99)).toBeCloseTo(999, 0);
  });

  it("travels between processes, and adds up", () => {
    const [one, other] = [new Latencies(), new Latencies()];
    one.record(5);
    other.record(7_000);
    const sum = Latencies.decode(one.encoded());
    sum.add(Latencies.decode(other.encoded()));
    expect(sum.count).toBe(2);
    expect(sum.percentile(50)).toBeCloseTo(5);
    expect(sum.max / 7_000).toBeCloseTo(1, 2);
  });
});
