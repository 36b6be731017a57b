import { capabilityScenes } from "./capabilities.ts";
import { errorScenes } from "./errors.ts";
import { malformedScenes } from "./malformed.ts";
import { mapScenes } from "./maps.ts";
import { pipeliningScenes } from "./pipelining.ts";
import type { GoldenScene } from "./scene.ts";
import { scriptedServerScenes } from "./scripted-servers.ts";
import { streamScenes } from "./streams.ts";
import { unusualScenes } from "./unusual.ts";
import { valueScenes } from "./values.ts";

/** All recorded scenes. */
export const goldenScenes: readonly GoldenScene[] = [
  ...valueScenes,
  ...errorScenes,
  ...pipeliningScenes,
  ...capabilityScenes,
  ...mapScenes,
  ...streamScenes,
  ...malformedScenes,
  ...unusualScenes,
  ...scriptedServerScenes,
];
