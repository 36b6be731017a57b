import { MissingComponentError } from "../errors.ts";
import type { ComponentName } from "./component.ts";

/** The error for something that needs a component which isn't registered. */
export function missing(what: string, component: ComponentName): MissingComponentError {
  return new MissingComponentError(
    `${what} needs import { ${component} } from "@capnweb/core/modular". Pass it to createRpc().`,
  );
}

/** Throws the error for something that needs a component which isn't registered. */
export function refuse(what: string, component: ComponentName): never {
  throw missing(what, component);
}
