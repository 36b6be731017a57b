import type { Handle } from "../model/handle.ts";

/** The name of the method by which Node, Bun and Deno ask an object how to print it. */
export const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** Describes a stub or promise for a log: `RpcStub { session import 3 }`. Fetches nothing. */
export function inspectStub(proxy: object, handle: Handle): string {
  const kind = Object.prototype.toString.call(proxy).slice("[object ".length, -1);
  const path = handle.path.map((part) => `.${part}`).join("");
  return `${kind} { ${handle.hook.describe()}${path && ` ${path}`} }`;
}
