import type { Side } from "../transcript/transcript.ts";
import { PerformancePlayer } from "./performance.ts";
import { Player, type PlayerOptions } from "./player.ts";
import type { Scenario, ScenarioPlayer } from "./scenario.ts";

/** Makes the player of our side of a scenario. */
export function createPlayer(
  scenario: Scenario,
  side: Side,
  options: PlayerOptions,
): ScenarioPlayer {
  const { perform } = scenario;
  if (perform !== undefined) return new PerformancePlayer(perform, options.timeout);
  return new Player(scenario, side, options);
}
