import { callbacks } from "./callbacks.ts";
import { calls } from "./calls.ts";
import type { TimedCase, TrafficCase } from "./case.ts";
import { documents } from "./documents.ts";
import { pipelining } from "./pipelining.ts";
import { streams } from "./streams.ts";

/** The messages and bytes of the timed cases over WebSockets, both directions together. */
export const traffic: readonly TrafficCase[] = [
  ...calls,
  // The bytes of a call are the same, however many are in flight.
  ...documents.filter(({ name }) => name.endsWith("one at a time")),
  ...pipelining,
  ...callbacks,
  ...streams.filter(({ unit }) => unit === "MB"),
].map(({ name, about, link, pairs, unit, units, run }: TimedCase) => ({
  kind: "traffic",
  name: `on the wire: ${name}`,
  about,
  link,
  pairs,
  unit,
  units,
  run: async (session) => run(session),
}));
