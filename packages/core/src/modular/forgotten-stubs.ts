import { safetyNetFor } from "../session/safety-net.ts";
import type { Component } from "./component.ts";

/**
 * Releases stubs and promises that the program has forgotten, as the option `releaseForgotten`
 * describes. Without it, they are released only if they are disposed of, or with the session.
 */
export const forgottenStubs: Component = {
  name: "forgottenStubs",
  services: { safetyNet: safetyNetFor },
};
