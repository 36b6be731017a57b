import { Backoff } from "@capnweb/resume";
import { expect, it } from "vitest";

/** The pauses of several attempts in a row that fail. */
function pauses(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => {
    backoff.failed();
    return backoff.pause;
  });
}

it("draws pauses below a bound that grows", () => {
  const backoff = new Backoff({ min: 10, max: 40, random: () => 1 });
  expect(backoff.pause).toBe(0);
  expect(pauses(backoff, 4)).toEqual([10, 20, 40, 40]);
  backoff.reset();
  expect(backoff.pause).toBe(0);
  expect(pauses(backoff, 1)).toEqual([10]);
});

it.each([{ min: 0 }, { min: 100 }])(
  "draws numbers, however many attempts failed: %j",
  (options) => {
    const backoff = new Backoff({ ...options, max: 400, random: () => 1 });
    for (const pause of pauses(backoff, 2_000)) expect(pause).toBeLessThanOrEqual(400);
  },
);
