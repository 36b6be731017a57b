import { calls } from "./calls.ts";
import type { Pair, TimedCase } from "./case.ts";
import { documents } from "./documents.ts";
import { pipelining } from "./pipelining.ts";

/** Ours in the form that users get, ours on the reference's link, and the reference. */
const pairs: readonly Pair[] = ["ours", "ours, pull", "reference"];

// Both ends are in one process: the cost of the implementations, without that of sockets.
export const inMemory: readonly TimedCase[] = [...calls, ...documents, ...pipelining].map(
  (each) => ({
    ...each,
    name: `${each.name}, in memory`,
    link: "memory",
    pairs,
  }),
);
