import { callbacks } from "./callbacks.ts";
import { calls } from "./calls.ts";
import type { TimedCase, TrafficCase } from "./case.ts";
import { pipelining } from "./pipelining.ts";
import { streams } from "./streams.ts";

/** The messages and bytes of the timed cases over WebSockets. */
export const traffic: readonly TrafficCase[] = [
  ...calls,
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
