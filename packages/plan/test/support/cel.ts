import { parse } from "@bufbuild/cel";
import {
  getConformanceSuite,
  type IncrementalTestSuite,
} from "@bufbuild/cel-spec/testdata/tests.js";

/** A test of CEL's conformance suite as a plan. */
export interface CelTest {
  readonly name: string;
  readonly expression: string;
  readonly plan: object;
  readonly params: Readonly<Record<string, unknown>>;
  /** Missing if the evaluation fails. */
  readonly expected?: { readonly value: unknown };
}

/** Our names of CEL's operators. Other functions that we have bear the same name. */
const OPERATORS: Readonly<Record<string, string>> = {
  "_==_": "eq",
  "_!=_": "ne",
  "_<_": "lt",
  "_<=_": "le",
  "_>_": "gt",
  "_>=_": "ge",
  "_+_": "add",
  "_-_": "sub",
  "_*_": "mul",
  "_/_": "div",
  "_%_": "mod",
  "-_": "neg",
  "_&&_": "and",
  "_||_": "or",
  "!_": "not",
  "_?_:_": "cond",
  "_[_]": "index",
  "@in": "in",
};

/** Functions of the extensions that belong to a namespace. */
const NAMESPACES: Readonly<Record<string, string>> = { math: "math", strings: "strings" };

/** Thrown for an expression that uses a part of CEL that plans don't borrow. */
class NotBorrowed extends Error {}

/** The tests whose expressions use borrowed operators only, and the number of all others. */
export function celTests(operators: ReadonlySet<string>): { tests: CelTest[]; others: number } {
  const tests: CelTest[] = [];
  let others = 0;
  const visit = (suite: IncrementalTestSuite, path: string) => {
    for (const test of suite.tests) {
      try {
        tests.push(translated(test.original, `${path}/${test.name}`, operators));
      } catch (error) {
        if (!(error instanceof NotBorrowed)) throw error;
        others++;
      }
    }
    for (const each of suite.suites) visit(each, `${path}/${each.name}`);
  };
  for (const each of getConformanceSuite().suites) visit(each, each.name);
  return { tests, others };
}

function translated(test: any, name: string, operators: ReadonlySet<string>): CelTest {
  const { expr, bindings, resultMatcher, checkOnly, container } = test;
  if (checkOnly || container) throw new NotBorrowed();
  const params = Object.fromEntries(
    Object.entries<any>(bindings).map(([key, { kind }]) => [key, plainOf(kind.value)]),
  );
  const translation = new Translation(operators, new Set(Object.keys(params)));
  const result = translation.translate(parsed(expr));
  const plan = { v: 1, ops: translation.ops, result };
  const common = { name, expression: expr, plan, params };
  if (resultMatcher.case === "evalError") return common;
  if (resultMatcher.case === "value") {
    return { ...common, expected: { value: plainOf(resultMatcher.value) } };
  }
  // A test without an outcome expects true.
  if (resultMatcher.case === undefined) return { ...common, expected: { value: true } };
  throw new NotBorrowed();
}

function parsed(expression: string): any {
  try {
    return parse(expression).expr;
  } catch {
    throw new NotBorrowed();
  }
}

/** The steps of an expression. */
class Translation {
  readonly ops: object[] = [];
  readonly #operators: ReadonlySet<string>;
  readonly #params: ReadonlySet<string>;

  constructor(operators: ReadonlySet<string>, params: ReadonlySet<string>) {
    this.#operators = operators;
    this.#params = params;
  }

  /** Adds the steps of an expression, and returns the source of its value. */
  translate({ exprKind: { case: kind, value } }: any): object {
    if (kind === "constExpr") return { byValue: { value: constantOf(value.constantKind) } };
    if (kind === "identExpr") return this.#param(value.name);
    if (kind === "listExpr") return this.#list(value);
    if (kind === "structExpr") return this.#map(value);
    if (kind === "selectExpr") {
      const args = [this.translate(value.operand), { byValue: { value: value.field } }];
      return this.#add("op", { name: value.testOnly ? "has" : "index", args });
    }
    if (kind === "callExpr") return this.#call(value);
    throw new NotBorrowed();
  }

  #param(name: string): object {
    if (!this.#params.has(name)) throw new NotBorrowed();
    return { param: { path: [name] } };
  }

  #list({ elements, optionalIndices }: any): object {
    if (optionalIndices.length > 0) throw new NotBorrowed();
    return this.#add("array", { items: elements.map((each: any) => this.translate(each)) });
  }

  #map({ entries, messageName }: any): object {
    if (messageName !== "") throw new NotBorrowed();
    const fields: Record<string, object> = {};
    for (const { keyKind, value, optionalEntry } of entries) {
      const constant = keyKind.value?.exprKind?.value?.constantKind;
      if (constant?.case !== "stringValue" || optionalEntry) throw new NotBorrowed();
      if (Object.hasOwn(fields, constant.value)) throw new NotBorrowed();
      fields[constant.value] = this.translate(value);
    }
    return this.#add("object", { fields });
  }

  #call({ function: called, target, args }: any): object {
    const namespace = target?.exprKind.case === "identExpr" && target.exprKind.value.name;
    const all = target && !(namespace in NAMESPACES) ? [target, ...args] : args;
    if (called === "dyn") return this.translate(all[0]);
    const name = OPERATORS[called] ?? called;
    // Types aren't values of plans.
    if (!this.#operators.has(name) || name === "type") throw new NotBorrowed();
    // The time zone of a getter.
    if (name.startsWith("get") && all.length > 1) throw new NotBorrowed();
    return this.#add("op", { name, args: all.map((each: any) => this.translate(each)) });
  }

  #add(kind: string, step: object): object {
    const result = this.ops.length;
    this.ops.push({ [kind]: { ...step, result } });
    return { result: { index: result } };
  }
}

function constantOf({ case: kind, value }: any): unknown {
  if (kind === "uint64Value" || kind === "durationValue") throw new NotBorrowed();
  return kind === "nullValue" ? null : value;
}

/** The value of CEL's message. */
function plainOf({ kind: { case: kind, value } }: any): unknown {
  if (kind === "listValue") return value.values.map(plainOf);
  if (kind === "mapValue") {
    return Object.fromEntries(
      value.entries.map((entry: any) => {
        const key = plainOf(entry.key);
        if (typeof key !== "string") throw new NotBorrowed();
        return [key, plainOf(entry.value)];
      }),
    );
  }
  if (kind === "objectValue" || kind === "typeValue" || kind === "enumValue") {
    throw new NotBorrowed();
  }
  return constantOf({ case: kind, value });
}
