import { describe, expect, it } from "vitest";
import { expectedInterval, runClosed } from "../../load/models/closed.ts";
import { runOpen } from "../../load/models/open.ts";
import { randomOf } from "../../load/models/random.ts";
import type { Setting } from "../../load/models/run.ts";
import { FakeClock, FakeServer } from "./fake-clock.ts";

const SECOND = 1_000;
/** From the third to the fourth of ten seconds, a tenth of the time. */
const STALL = { from: 3 * SECOND, to: 4 * SECOND };
const OPEN = { model: "open", rate: 100, arrivals: "constant" } as const;

function setting(clock: FakeClock, server: Pick<Setting, "begin">, sessions = 10): Setting {
  return { seconds: 10, sessions, begin: server.begin, clock, random: randomOf(1) };
}

describe("the open model", () => {
  it("has the latency of the server if nothing is slow", async () => {
    const clock = new FakeClock();
    const { kinds, lag } = await clock.run(runOpen(OPEN, setting(clock, new FakeServer(clock))));
    const { latencies, failures } = kinds["call"]!;
    expect(latencies.count).toBe(1_000);
    expect(latencies.max).toBeCloseTo(1);
    expect(lag.max).toBeLessThan(0.1);
    expect(failures).toEqual({});
  });

  it("counts every operation that a stall of the server delays", async () => {
    const clock = new FakeClock();
    const server = new FakeServer(clock, STALL);
    const { kinds } = await clock.run(runOpen(OPEN, setting(clock, server)));
    const { latencies } = kinds["call"]!;
    // A tenth of the operations is meant to start during the stall, evenly spread over it.
    expect(latencies.count).toBe(1_000);
    expect(latencies.percentile(89)).toBeCloseTo(1);
    expect(latencies.percentile(95)).toBeCloseTo(500, -2);
    expect(latencies.percentile(99)).toBeCloseTo(900, -2);
    expect(latencies.max).toBeCloseTo(1_001, 0);
  });

  it("counts the delay of operations that it starts late itself", async () => {
    const clock = new FakeClock();
    const server = new FakeServer(clock);
    const begin = () => {
      // The generator is busy with the answer of one operation for a second.
      if (server.begun === 300) clock.block(SECOND);
      return server.begin();
    };
    const { kinds, lag } = await clock.run(runOpen(OPEN, setting(clock, { begin })));
    expect(server.begun).toBe(1_000);
    expect(kinds["call"]!.latencies.percentile(95)).toBeCloseTo(500, -2);
    expect(lag.percentile(95)).toBeCloseTo(500, -2);
  });

  it("starts as many operations while nothing is answered, and counts them as unanswered", async () => {
    const clock = new FakeClock();
    const server = new FakeServer(clock, { from: 0, to: Number.POSITIVE_INFINITY });
    const { kinds } = await clock.run(runOpen(OPEN, setting(clock, server)));
    const { latencies, failures } = kinds["call"]!;
    expect(server.begun).toBe(1_000);
    expect(failures).toEqual({ UNANSWERED: 1_000 });
    // They have waited since their intended start.
    expect(latencies.percentile(50)).toBeGreaterThan(15 * SECOND);
  });

  it("counts failures by code, without a latency", async () => {
    const clock = new FakeClock();
    const fail = async () => {
      throw Object.assign(new Error("no"), { code: "REFUSED" });
    };
    const begin = () => ({ kind: "call", done: fail() });
    const { kinds } = await clock.run(runOpen(OPEN, setting(clock, { begin })));
    expect(kinds["call"]!.failures).toEqual({ REFUSED: 1_000 });
    expect(kinds["call"]!.latencies.count).toBe(0);
  });

  it("has random arrivals with the same mean", async () => {
    const clock = new FakeClock();
    const server = new FakeServer(clock);
    const poisson = { ...OPEN, arrivals: "poisson" } as const;
    await clock.run(runOpen(poisson, setting(clock, server)));
    expect(server.begun).toBeGreaterThan(850);
    expect(server.begun).toBeLessThan(1_150);
    expect(server.begun).not.toBe(1_000);
  });
});

describe("the closed model", () => {
  const CLOSED = { model: "closed", think: 100 } as const;

  it("hides a stall unless it is corrected", async () => {
    const clock = new FakeClock();
    const server = new FakeServer(clock, STALL);
    const { kinds } = await clock.run(runClosed(CLOSED, setting(clock, server)));
    const { latencies } = kinds["call"]!;
    // Each of ten users waits for one slow answer, and starts nothing meanwhile.
    expect(latencies.percentile(95)).toBeCloseTo(1);
    const corrected = latencies.corrected(expectedInterval(CLOSED, latencies.percentile(50)!));
    expect(corrected.percentile(95)).toBeGreaterThan(300);
    expect(corrected.max).toBeCloseTo(latencies.max, 0);
  });

  it("has one operation of each user under way at most", async () => {
    const clock = new FakeClock();
    const underWay = new Set<number>();
    const answer = async (session: number) => {
      expect(underWay.has(session)).toBe(false);
      underWay.add(session);
      await clock.sleep(50);
      underWay.delete(session);
    };
    const begin = (session: number) => ({ kind: "call", done: answer(session) });
    const { kinds } = await clock.run(runClosed(CLOSED, setting(clock, { begin }, 3)));
    // Each user takes about 150 ms for an operation and its thinking.
    const { latencies, failures } = kinds["call"]!;
    expect(failures).toEqual({});
    expect(latencies.count).toBeGreaterThan(3 * 50);
    expect(latencies.count).toBeLessThan(3 * 85);
  });
});
