import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";

/**
 * Random plans, and their direct evaluation in plain JavaScript. The two know nothing of each
 * other: an expression is recorded by `record`, and computed by `evaluate`.
 */

/** An expression of a random program. */
export type Node =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "variable"; readonly depth: number }
  | { readonly kind: "operator"; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: "call"; readonly name: "double" | "later" | "refuse"; readonly arg: Node }
  | { readonly kind: "list"; readonly items: readonly Node[] }
  | { readonly kind: "object"; readonly a: Node; readonly b: Node }
  | { readonly kind: "member"; readonly of: Node; readonly key: "a" | "b" | 0 }
  | { readonly kind: "if"; readonly cond: Node; readonly then: Node; readonly otherwise: Node }
  | {
      readonly kind: "each";
      readonly name: "map" | "loop" | "filter" | "find" | "exists" | "all";
      readonly list: Node;
      readonly body: Node;
    }
  | { readonly kind: "reduce"; readonly list: Node; readonly init: Node; readonly body: Node }
  | { readonly kind: "count"; readonly to: number; readonly body: Node }
  | { readonly kind: "try"; readonly body: Node; readonly otherwise: Node };

/** The operators, in plain JavaScript. They throw the code of the failure. */
const COMPUTE: Readonly<Record<string, (...args: any[]) => unknown>> = {
  add(a, b) {
    if (typeof a === "number" && typeof b === "number") return a + b;
    if (typeof a === "string" && typeof b === "string") return a + b;
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
    throw new Failure("PLAN_OVERLOAD");
  },
  mul(a, b) {
    if (typeof a === "number" && typeof b === "number") return a * b;
    throw new Failure("PLAN_OVERLOAD");
  },
  lt(a, b) {
    const kinds = ["number", "string", "boolean"];
    if (typeof a === typeof b && kinds.includes(typeof a)) return a < b;
    throw new Failure("PLAN_OVERLOAD");
  },
  eq: (a, b) => isDeepStrictEqual(withoutMinusZero(a), withoutMinusZero(b)),
  not(a) {
    if (typeof a === "boolean") return !a;
    throw new Failure("PLAN_OVERLOAD");
  },
  size(a) {
    if (typeof a === "string" || Array.isArray(a)) return a.length;
    if (isObject(a)) return Object.keys(a).length;
    throw new Failure("PLAN_OVERLOAD");
  },
};

/** Node tells -0 and 0 apart. */
function withoutMinusZero(value: any): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, withoutMinusZero(each)]);
  return Object.fromEntries(entries);
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A failure, by its code. */
export class Failure extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The elements of a list. */
function elements(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Failure("PLAN_NOT_LIST");
}

function condition(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new Failure("PLAN_CONDITION");
}

/** The methods of {@link Numbers}, in plain JavaScript. */
function called(name: string, arg: unknown): unknown {
  if (name === "refuse") throw new Failure("REFUSED");
  return name === "double" ? [arg, arg] : arg;
}

/** A value, or the failure of the one who uses it. */
type Outcome = { readonly value: unknown } | { readonly failure: unknown };

/** A list or object whose parts may have failed: that matters only to what uses them. */
class Parts {
  readonly of: readonly Outcome[] | Readonly<Record<string, Outcome>>;
  constructor(of: Parts["of"]) {
    this.of = of;
  }
}

/** The value as a whole. Throws the first failure of a part. */
function whole(value: unknown): unknown {
  if (!(value instanceof Parts)) return value;
  if (Array.isArray(value.of)) return value.of.map((each) => whole(unwrap(each)));
  const entries = Object.entries(value.of).map(([key, each]) => [key, whole(unwrap(each))]);
  return Object.fromEntries(entries);
}

/** Computes an expression. Throws a {@link Failure}. */
export function compute(node: Node, params: readonly unknown[]): unknown {
  return whole(
    evaluate(
      node,
      params.map((value) => ({ value })),
    ),
  );
}

function evaluate(node: Node, variables: readonly Outcome[]): unknown {
  const at = (inner: Node, ...more: Outcome[]) => evaluate(inner, [...variables, ...more]);
  const get = (inner: Node, ...more: Outcome[]) => whole(at(inner, ...more));
  switch (node.kind) {
    case "literal":
      return node.value;
    case "variable":
      return unwrap(variables[node.depth % variables.length]!);
    case "operator":
      return COMPUTE[node.name]!(...node.args.map((each) => get(each)));
    case "call":
      return called(node.name, get(node.arg));
    case "list":
      return new Parts(node.items.map((each) => attempt(() => at(each))));
    case "object":
      return new Parts({ a: attempt(() => at(node.a)), b: attempt(() => at(node.b)) });
    case "member":
      return memberOf(at(node.of), node.key);
    case "if":
      return condition(get(node.cond)) ? at(node.then) : at(node.otherwise);
    case "each":
      return evaluateEach(node, variables);
    case "reduce": {
      const list = elements(get(node.list));
      let sum = attempt(() => at(node.init));
      for (const value of list) sum = attempt(() => at(node.body, sum, { value }));
      return unwrap(sum);
    }
    case "count":
      return Array.from({ length: node.to }, (_, i) => i).map((value) => get(node.body, { value }));
    case "try":
      try {
        return get(node.body);
      } catch {
        return at(node.otherwise);
      }
  }
}

function attempt(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (failure) {
    return { failure };
  }
}

function unwrap(outcome: Outcome): unknown {
  if ("failure" in outcome) throw outcome.failure;
  return outcome.value;
}

function memberOf(value: unknown, key: "a" | "b" | 0): unknown {
  if (value === undefined) throw new Failure("PATH");
  if (value instanceof Parts) {
    const found = memberOf(value.of, key);
    return found === undefined ? undefined : unwrap(found as Outcome);
  }
  if (Array.isArray(value)) return key === 0 ? value[0] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? (value as any)[key] : undefined;
}

function evaluateEach(node: Node & { kind: "each" }, variables: readonly Outcome[]): unknown {
  const over = evaluate(node.list, variables);
  if (node.name === "map")
    return evaluateMap(over, (each) => evaluate(node.body, [...variables, each]));
  const list = elements(whole(over));
  const once = (value: unknown) => whole(evaluate(node.body, [...variables, { value }]));
  switch (node.name) {
    case "loop":
      return list.map(once);
    case "filter":
      return list
        .map((each) => [each, condition(once(each))] as const)
        .filter(([, isKept]) => isKept)
        .map(([each]) => each);
    case "find":
      return list.find((each) => condition(once(each)));
    case "exists":
      return list.some((each) => condition(once(each)));
    case "all":
      return list.every((each) => condition(once(each)));
  }
}

function evaluateMap(over: unknown, once: (each: Outcome) => unknown): unknown {
  const of = over instanceof Parts ? over.of : over;
  if (!Array.isArray(of)) return over == null ? over : once({ value: over });
  const list: Outcome[] = over instanceof Parts ? of : of.map((value) => ({ value }));
  return new Parts(list.map((each) => attempt(() => once(each))));
}

/** Records an expression with a plan's builder. */
export function record($: any, api: any, node: Node, variables: readonly unknown[]): unknown {
  const at = (inner: Node, ...more: unknown[]) => record($, api, inner, [...variables, ...more]);
  switch (node.kind) {
    case "literal":
      return node.value;
    case "variable":
      return variables[node.depth % variables.length];
    case "operator":
      return $[node.name](...node.args.map((each) => at(each)));
    case "call":
      return api[node.name](at(node.arg));
    case "list":
      return node.items.map((each) => at(each));
    case "object":
      return { a: at(node.a), b: at(node.b) };
    case "member":
      return $.value(at(node.of))[node.key];
    case "if":
      return $.if(
        at(node.cond),
        () => at(node.then),
        () => at(node.otherwise),
      );
    case "each":
      return $[node.name](at(node.list), (item: unknown) => at(node.body, item));
    case "reduce":
      return $.reduce(at(node.list), at(node.init), (sum: unknown, item: unknown) =>
        at(node.body, sum, item),
      );
    case "count": {
      const i = $.let(0);
      return $.while(
        () => $.lt(i, node.to),
        () => {
          const now = $.value($.add(i, 0));
          $.set(i, $.add(i, 1));
          return at(node.body, now);
        },
        { max: node.to },
      );
    }
    case "try":
      return $.try(
        () => at(node.body),
        () => at(node.otherwise),
      );
  }
}

const literal = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.boolean(),
  fc.constantFrom("", "a", "bb", null, undefined),
  fc.constantFrom([], [1, 2, 3], ["a"], [true, false], { a: 1, b: [2] }, { a: { a: 1 } }),
);

const names = (...list: string[]) => fc.constantFrom(...list);

/** Expressions of calls, properties, objects, lists and maps. */
export const straightNode: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, ...leaves(), ...straight(tie("node"))),
})).node;

/** Expressions of all kinds. */
export const anyNode: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => {
  const node = tie("node");
  return {
    node: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      ...leaves(),
      ...straight(node),
      record_("operator", { name: names("add", "mul", "lt", "eq"), args: fc.tuple(node, node) }),
      record_("operator", { name: names("not", "size"), args: fc.tuple(node) }),
      record_("if", { cond: node, then: node, otherwise: node }),
      record_("each", {
        name: names("loop", "filter", "find", "exists", "all"),
        list: node,
        body: node,
      }),
      record_("reduce", { list: node, init: node, body: node }),
      record_("count", { to: fc.integer({ min: 0, max: 4 }), body: node }),
      record_("try", { body: node, otherwise: node }),
    ),
  };
}).node;

function leaves(): fc.Arbitrary<Node>[] {
  return [
    record_("literal", { value: literal }),
    record_("variable", { depth: fc.nat({ max: 5 }) }),
  ];
}

function straight(node: fc.Arbitrary<Node>): fc.Arbitrary<Node>[] {
  return [
    record_("call", { name: names("double", "later", "refuse"), arg: node }),
    record_("list", { items: fc.array(node, { maxLength: 3 }) }),
    record_("object", { a: node, b: node }),
    record_("member", { of: node, key: fc.constantFrom("a", "b", 0) }),
    record_("each", { name: fc.constant("map"), list: node, body: node }),
  ];
}

function record_(
  kind: Node["kind"],
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Node> {
  return fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Node>;
}
