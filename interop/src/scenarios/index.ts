import { capabilityScenarios } from "./capabilities.ts";
import { errorScenarios } from "./errors.ts";
import { mapScenarios } from "./maps.ts";
import { pipeliningScenarios } from "./pipelining.ts";
import type { Scenario } from "./scenario.ts";
import { streamScenarios } from "./streams.ts";
import { valueScenarios } from "./values.ts";

/** All uses of a session by a client and a server, one feature each. */
export const scenarios: readonly Scenario[] = [
  ...valueScenarios,
  ...errorScenarios,
  ...pipeliningScenarios,
  ...capabilityScenarios,
  ...mapScenarios,
  ...streamScenarios,
];
