import { withPlace } from "@capnweb/wire/internal";
import type { Component } from "./component.ts";

/**
 * Has the errors of values that can't be sent say where in the arguments or the result the value
 * is, and what to send instead.
 */
export const placesInErrors: Component = { name: "placesInErrors", services: { withPlace } };
