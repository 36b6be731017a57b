import type { Expression } from "@capnweb/wire";

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
const valuesOf = (operand: unknown): readonly unknown[] =>
  typeof operand === "object" && operand !== null ? Object.values(operand) : NONE;

const REFERENCES: ReadonlySet<string> = new Set([
  "export",
  "promise",
  "writable",
  "readable",
  "import",
  "pipeline",
  "remap",
]);

/** The operands of tagged expressions that are expressions themselves. */
const PARTS: Readonly<Record<string, (expression: Operands) => readonly unknown[]>> = {
  __proto__: null as never,
  bytes: () => NONE,
  headers: () => NONE,
  date: () => NONE,
  blob: ([, , content]) => [content],
  error: ([, , , , properties]) => valuesOf(properties),
  request: ([, , init]) => valuesOf(init),
  response: ([, body]) => [body],
  export: () => NONE,
  promise: () => NONE,
  writable: () => NONE,
  readable: () => NONE,
  import: ([, , , args]) => listOf(args),
  pipeline: ([, , , args]) => listOf(args),
  remap: ([, , , captures]) => listOf(captures),
};

/**
 * Finds the references in an expression, in the order in which sessions evaluate them. Input comes
 * from a peer: the work is bounded, and malformed parts are skipped.
 */
export function referencesIn(root: Expression | unknown): Found[] {
  const found: Found[] = [];
  let left = MOST_VISITED;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > MOST_DEPTH || left-- <= 0) return;
    if (!Array.isArray(value)) {
      for (const each of Object.values(value)) visit(each, depth + 1);
      return;
    }
    const [tag, id] = value as Operands;
    if (typeof tag !== "string") {
      for (const each of listOf(tag)) visit(each, depth + 1);
      return;
    }
    if (REFERENCES.has(tag) && typeof id === "number") found.push({ tag: tag as Found["tag"], id });
    const parts = PARTS[tag];
    for (const each of parts ? parts(value) : value.slice(1)) visit(each, depth + 1);
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
