import { expect, test } from "vitest";
import { RunTime } from "../src/conformance/run-time.ts";
import { inTime } from "../src/conformance/time-limit.ts";

test("a scenario that goes on for ever ends with an error", async () => {
  await expect(inTime(() => new Promise(() => {}), 1)).rejects.toThrow(
    "the scenario wasn't over after 1 ms",
  );
  await expect(inTime(() => Promise.reject(new Error("its own")), 60_000)).rejects.toThrow(
    "its own",
  );
  await inTime(async () => {}, 60_000);
});

test("the end of a run gives up all tasks, refuses others, and is told afterwards", async () => {
  const events: string[] = [];
  const time = new RunTime(1, () => events.push("ended"));
  const forever = () => new Promise(() => {});
  const cut = [time.within(forever), time.within(forever)].map((task) =>
    task.catch((error) => events.push(error.code)),
  );
  await Promise.all(cut);
  expect(events.sort()).toEqual(["RUN_OVER", "RUN_OVER", "ended"]);
  expect(time.isOver).toBe(true);
  await expect(time.within(async () => 1)).rejects.toThrow("the time of the run was over");
});

test("a run's own results and errors pass, and a time of years isn't over at once", async () => {
  const time = new RunTime(Number.MAX_SAFE_INTEGER);
  expect(await time.within(async () => 1)).toBe(1);
  await expect(time.within(() => Promise.reject(new Error("its own")))).rejects.toThrow("its own");
  // A timer whose time overflows would fire before this one.
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(time.isOver).toBe(false);
  time.stop();
});
