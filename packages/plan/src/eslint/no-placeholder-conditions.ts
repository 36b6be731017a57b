import { Placeholders } from "./placeholders.ts";
import type { Node, RuleContext } from "./syntax.ts";

/** The operators that see only that a placeholder is an object, with those of plans. */
const REMEDIES: Readonly<Record<string, string>> = {
  "===": "$.eq()",
  "==": "$.eq()",
  "!==": "$.ne()",
  "!=": "$.ne()",
  "&&": "$.and() or $.if()",
  "||": "$.or() or $.if()",
  "??": "$.if()",
  "!": "$.not()",
};

/**
 * Reports placeholders of plans in conditions: `if (p.x)`, `p.x ? a : b`, `p.x && y`, `!p.x`,
 * `p.x === 1`, `while`, `for`, `switch` and `typeof`. JavaScript asks no value of a placeholder
 * there. It sees an object, and takes the same branch whenever the plan is built.
 */
export const noPlaceholderConditions = {
  meta: {
    type: "problem" as const,
    docs: { description: "disallow placeholders of plans in JavaScript's own conditions" },
    schema: [],
    messages: {
      condition: "A placeholder of a plan has no value yet, so {{use}} ignores it. Use {{remedy}}.",
    },
  },

  create(context: RuleContext) {
    const placeholders = new Placeholders(context);
    const check = (node: Node | null, use: string, remedy: string) => {
      if (placeholders.has(node))
        context.report({ node, messageId: "condition", data: { use, remedy } });
    };
    const operator = (operand: Node, sign: string) => {
      const remedy = REMEDIES[sign];
      if (remedy) check(operand, `the operator ${sign}`, remedy);
    };
    const loop = (node: any) => check(node.test, "a loop", "$.while() or $.loop()");
    return {
      IfStatement: (node: any) => check(node.test, "if", "$.if()"),
      ConditionalExpression: (node: any) => check(node.test, "?:", "$.if() or $.cond()"),
      WhileStatement: loop,
      DoWhileStatement: loop,
      ForStatement: loop,
      SwitchStatement: (node: any) => check(node.discriminant, "switch", "$.if()"),
      LogicalExpression: (node: any) => operator(node.left, node.operator),
      UnaryExpression(node: any) {
        if (node.operator === "typeof") check(node.argument, "typeof", "$.type()");
        else operator(node.argument, node.operator);
      },
      BinaryExpression(node: any) {
        operator(node.left, node.operator);
        operator(node.right, node.operator);
      },
    };
  },
};
