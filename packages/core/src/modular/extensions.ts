import { negotiateExtensions } from "../session/extensions.ts";
import { FRAMING } from "../session/framing.ts";
import type { Component } from "./component.ts";

/**
 * Announces the extensions of this library, so that two peers that know them need fewer messages,
 * join these in frames, send bytes as bytes, respect each other's limits, and know each other's
 * errors by class and `code`. Without it, messages are those of `capnweb`.
 */
export const extensions: Component = {
  name: "extensions",
  services: { negotiation: negotiateExtensions, framing: FRAMING },
};
