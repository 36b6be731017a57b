import type { OperationName } from "./operations.ts";

/** A kind of load: operations with weights. */
export interface Scenario {
  readonly about: string;
  readonly operations: readonly (readonly [OperationName, weight: number])[];
  /** Operations per second, in the runs for docs/load.md. */
  readonly rate: number;
}

export const SCENARIOS = {
  calls: {
    about: "A call with a small object, which comes back.",
    operations: [["call", 1]],
    rate: 2_000,
  },
  callbacks: {
    about: "A call with a function, which the server calls five times, one after the other.",
    operations: [["callback", 1]],
    rate: 500,
  },
  streams: {
    about: "32 KiB of bytes in eight chunks: a download or an upload.",
    operations: [["stream", 1]],
    rate: 200,
  },
  maps: {
    about: "A `map()` over a list of 20 capabilities, with a call on each.",
    operations: [["map", 1]],
    rate: 500,
  },
  connects: {
    about:
      "A new connection, a call, and the end of the connection, beside the sessions that stay. " +
      "A quarter of the connections is cut with a call under way.",
    operations: [["connect", 1]],
    rate: 100,
  },
  mix: {
    about: "70 % calls, 10 % callbacks, 10 % maps, 5 % streams, 5 % connects.",
    operations: [
      ["call", 70],
      ["callback", 10],
      ["map", 10],
      ["stream", 5],
      ["connect", 5],
    ],
    rate: 600,
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
