import type { Maps } from "../model/maps.ts";
import { mapValue } from "./applicator.ts";
import { recordMap } from "./recorder.ts";

/** All that a runtime needs for `map()`. */
export const MAPS: Maps = { record: recordMap, apply: mapValue };
