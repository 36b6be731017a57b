import { isFunction, type Node, type RuleContext, type Scope, type Variable } from "./syntax.ts";

/**
 * Finds out which expressions are placeholders: the parameters of the callbacks of `plan()` and of
 * the callbacks in them, and everything that is made of these.
 */
export class Placeholders {
  readonly #context: RuleContext;
  /** Variables that are being looked at, because one may be declared with the help of itself. */
  readonly #open = new Set<Variable>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  has(node: Node | null | undefined): boolean {
    switch (node?.type) {
      case "Identifier":
        return this.#isPlaceholder(this.#find(node));
      case "MemberExpression":
        return this.has(node["object"]);
      case "CallExpression":
        return this.has(node["callee"]);
      case "TaggedTemplateExpression":
        return this.has(node["tag"]);
      case "ChainExpression":
      case "TSAsExpression":
      case "TSNonNullExpression":
      case "TSSatisfiesExpression":
        return this.has(node["expression"]);
      default:
        return false;
    }
  }

  #find(node: Node): Variable | undefined {
    let scope: Scope | null = this.#context.sourceCode.getScope(node);
    for (; scope; scope = scope.upper) {
      const variable = scope.set.get(node["name"]);
      if (variable) return variable;
    }
    return undefined;
  }

  #isPlaceholder(variable: Variable | undefined): boolean {
    if (!variable || this.#open.has(variable)) return false;
    this.#open.add(variable);
    try {
      return variable.defs.some(({ type, node }) => {
        if (type === "Variable") return this.has(node["init"]);
        const call = type === "Parameter" ? callWith(node) : undefined;
        return call !== undefined && (isPlan(call) || this.has(call["callee"]));
      });
    } finally {
      this.#open.delete(variable);
    }
  }
}

/** The call that a function is an argument of. */
function callWith(callback: Node): Node | undefined {
  const { parent } = callback;
  const isArgument = parent?.type === "CallExpression" && parent["arguments"].includes(callback);
  return isFunction(callback) && isArgument ? parent : undefined;
}

/** True for the call in `plan()(callback)`. */
function isPlan({ callee }: Node): boolean {
  return callee.type === "CallExpression" && callee.callee.name === "plan";
}
