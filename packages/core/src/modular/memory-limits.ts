import { HeldBytes } from "../session/held-bytes.ts";
import type { Component } from "./component.ts";

/**
 * Enforces `limits.maxHeldBytes` and `limits.maxProcessHeldBytes`. Without it, a server can make
 * the program keep any amount of memory, in calls that don't end for example.
 */
export const memoryLimits: Component = {
  name: "memoryLimits",
  services: { account: (...limits) => new HeldBytes(...limits) },
};
