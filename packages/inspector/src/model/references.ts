import type { Expression } from "@capnweb/wire";
import { partsOf } from "@capnweb/wire/internal";

/** A place in a message that refers to a capability or a result. */
export interface Found {
  readonly tag: "export" | "promise" | "writable" | "readable" | "import" | "pipeline" | "remap";
  /** The id, as the sender of the message sees it. */
  readonly id: number;
}

type Operands = readonly unknown[];

/** Most expressions that are looked at in a message. The rest of a larger one isn't searched. */
const MOST_VISITED = 20_000;
const MOST_DEPTH = 64;

const NONE: readonly unknown[] = [];
const listOf = (operand: unknown): readonly unknown[] => (Array.isArray(operand) ? operand : NONE);

const REFERENCES: ReadonlySet<unknown> = new Set([
  "export",
  "promise",
  "writable",
  "readable",
  "import",
  "pipeline",
  "remap",
]);

/**
 * Finds the references in an expression, in the order in which sessions evaluate them. Input comes
 * from a peer: the work is bounded, and malformed parts are skipped.
 */
export function referencesIn(root: Expression | unknown): Found[] {
  const found: Found[] = [];
  let left = MOST_VISITED;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > MOST_DEPTH || left-- <= 0) return;
    const [tag, id, , captures] = Array.isArray(value) ? (value as Operands) : NONE;
    if (REFERENCES.has(tag) && typeof id === "number") found.push({ tag: tag as Found["tag"], id });
    const parts = tag === "remap" ? listOf(captures) : partsOf(value);
    for (const each of parts) visit(each, depth + 1);
  };
  visit(root, 0);
  return found;
}

/** An operation, as the expression of a `push` or `stream` asks for it. */
export interface Operation {
  readonly kind: "call" | "get" | "map" | "value";
  /** The id of the object that it is about, as the sender sees it; `undefined` for a value. */
  readonly target: number | undefined;
  readonly path: readonly (string | number)[];
  /** The arguments of a call. */
  readonly args: readonly unknown[];
}

/** Reads the operation in the expression of a `push` or `stream`. */
export function operationOf(expression: unknown): Operation {
  const [tag, id, path, args] = Array.isArray(expression) ? (expression as Operands) : NONE;
  const isReference = tag === "pipeline" || tag === "import" || tag === "remap";
  if (!isReference || typeof id !== "number") {
    return { kind: "value", target: undefined, path: [], args: [expression] };
  }
  const names = listOf(path).filter((each) => typeof each === "string" || typeof each === "number");
  const kind = tag === "remap" ? "map" : Array.isArray(args) ? "call" : "get";
  return { kind, target: id, path: names, args: kind === "call" ? listOf(args) : [] };
}
