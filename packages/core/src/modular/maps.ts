import { MAPS } from "../map/maps.ts";
import type { Component } from "./component.ts";

/** Records callbacks of `map()`, and applies those of the peer. */
export const maps: Component = { name: "maps", maps: MAPS };
