import { isPlainNode } from "../containers.ts";
import { isObject, objectOf } from "../objects.ts";
import { isRecord } from "../operands.ts";
import type { Expression } from "../value-type.ts";

type Operands = readonly unknown[];

/** A rewriter of expressions. */
type Rewrite = (part: Expression) => Expression;

/** The form in which an operand holds expressions: as the only one, a list, or the members. */
interface Shape {
  partsIn(operand: unknown): readonly Expression[];
  withParts(operand: unknown, rewrite: Rewrite): unknown;
}

const NONE: readonly Expression[] = [];

const one: Shape = {
  partsIn: (operand) => [operand],
  withParts: (operand, rewrite) => rewrite(operand),
};

const list: Shape = {
  partsIn: (operand) => (Array.isArray(operand) ? operand : NONE),
  withParts: (operand, rewrite) => (Array.isArray(operand) ? operand.map(rewrite) : operand),
};

const members: Shape = {
  partsIn: (operand) => (isRecord(operand) ? Object.values(operand) : NONE),
  withParts(operand, rewrite) {
    if (!isRecord(operand)) return operand;
    return objectOf(Object.entries(operand).map(([key, each]) => [key, rewrite(each)]));
  },
};

const body: Shape = {
  partsIn: (operand) => (isRecord(operand) ? [operand["body"]] : NONE),
  withParts(operand, rewrite) {
    const has = isRecord(operand) && Object.hasOwn(operand, "body");
    return has ? { ...operand, body: rewrite(operand["body"]) } : operand;
  },
};

/** The operand of a tagged expression that holds expressions. */
interface Place {
  /** Its index. The tag has the index 0. */
  readonly at: number;
  readonly shape: Shape;
}

/**
 * The places of expressions among the operands of each tagged expression. No place: `undefined`. An
 * operand that isn't here may look like an expression and be none: the path `["bytes", 3]` isn't
 * bytes, nor is anything in `["json", …]`. The instructions of a `map()` are another language.
 */
export const PLACES: ReadonlyMap<string, Place | undefined> = new Map(
  Object.entries({
    undefined: undefined,
    inf: undefined,
    "-inf": undefined,
    nan: undefined,
    bigint: undefined,
    date: undefined,
    bytes: undefined,
    blob: { at: 2, shape: one },
    error: { at: 4, shape: members },
    url: undefined,
    headers: undefined,
    request: { at: 2, shape: body },
    response: { at: 1, shape: one },
    json: undefined,
    table: { at: 1, shape: members },
    readable: undefined,
    writable: undefined,
    export: undefined,
    promise: undefined,
    import: { at: 3, shape: list },
    pipeline: { at: 3, shape: list },
    remap: undefined,
  }),
);

/**
 * The expressions directly in an expression, in the order in which sessions evaluate them. The
 * columns of a table are expressions. So may be each operand of an application's own value type.
 */
export function partsOf(expression: Expression): readonly Expression[] {
  if (!isObject(expression)) return NONE;
  // A medium that clones has native values as well.
  if (!Array.isArray(expression)) return isPlainNode(expression) ? Object.values(expression) : NONE;
  const [tag] = expression as Operands;
  if (typeof tag === "string") {
    if (!PLACES.has(tag)) return expression;
    const place = PLACES.get(tag);
    return place ? place.shape.partsIn(expression[place.at]) : NONE;
  }
  // A literal list is wrapped in another one. Among the operands of an own type, one may not be.
  return expression.length === 1 ? list.partsIn(tag) : expression;
}

/** A copy of an expression that has others in place of those that {@link partsOf} gives. */
export function withParts(expression: Expression, rewrite: Rewrite): Expression {
  if (!isObject(expression)) return expression;
  if (!Array.isArray(expression)) {
    return isPlainNode(expression) ? members.withParts(expression, rewrite) : expression;
  }
  const [tag] = expression as Operands;
  if (typeof tag !== "string") {
    return expression.length === 1 ? [list.withParts(tag, rewrite)] : expression.map(rewrite);
  }
  if (!PLACES.has(tag)) return expression.map(rewrite);
  const place = PLACES.get(tag);
  if (!place || expression.length <= place.at) return expression;
  const { at, shape } = place;
  return expression.map((each, i) => (i === at ? shape.withParts(each, rewrite) : each));
}
