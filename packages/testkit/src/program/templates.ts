import { deserialize } from "@capnweb/wire";
import type { Template } from "./steps.ts";

/** The values that templates refer to. */
export interface Scope {
  get(name: string): unknown;
  makeLocal(name: string, args: readonly unknown[]): unknown;
}

/** Makes the value that a template describes. */
export function instantiate(template: Template, scope: Scope): unknown {
  if (typeof template !== "object" || template === null) return template;
  if (!Array.isArray(template)) {
    const entries = Object.entries(template).map(([key, each]) => [key, instantiate(each, scope)]);
    return Object.fromEntries(entries);
  }
  const [tag, ...operands] = template as [unknown, ...unknown[]];
  if (Array.isArray(tag)) return tag.map((each) => instantiate(each, scope));
  if (tag === "$") return scope.get(operands[0] as string);
  if (tag === "$local") {
    const [name, ...args] = operands;
    return scope.makeLocal(
      name as string,
      args.map((each) => instantiate(each, scope)),
    );
  }
  const value = deserialize(JSON.stringify(template));
  // In Node, it may be a Buffer, which some implementations don't take.
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}
