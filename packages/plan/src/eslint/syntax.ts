/** The parts of ESLint's syntax trees and scopes that the rule uses. */

/** A node of a syntax tree. */
export interface Node {
  readonly type: string;
  readonly parent?: Node;
  readonly [member: string]: any;
}

/** A variable as ESLint's scopes know it. */
export interface Variable {
  readonly defs: readonly { readonly type: string; readonly node: Node }[];
}

/** A scope of ESLint. */
export interface Scope {
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
}

/** The context that ESLint passes to a rule. */
export interface RuleContext {
  readonly sourceCode: { getScope(node: any): any };
  report(report: {
    node: any;
    messageId: string;
    data?: { [name: string]: string | number };
  }): void;
}

/** True for a function of any form. */
export function isFunction(node: Node): boolean {
  return node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression";
}
