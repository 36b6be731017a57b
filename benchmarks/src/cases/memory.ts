import { calls } from "./calls.ts";
import type { Pair, TimedCase } from "./case.ts";
import { pipelining } from "./pipelining.ts";

/** What users of ours get, ours on the link that the reference has, and the reference. */
const pairs: readonly Pair[] = ["ours", "ours, pull", "reference"];

// Both ends in one process: the cost of the implementations, without that of sockets.
export const inMemory: readonly TimedCase[] = [...calls, ...pipelining].map((each) => ({
  ...each,
  name: `${each.name}, in memory`,
  link: "memory",
  pairs,
}));
