import { type Node, parse } from "acorn";
import { simple } from "acorn-walk";
import { transformSync } from "esbuild";
import type { Source } from "./error-codes.ts";

/** Least characters of a literal that a message is recognised by. */
const LEAST = 14;

/** The texts of a source, as patterns of which each `${…}` matches anything. */
export function patternsOf({ text }: Source): RegExp[] {
  // Joins literals that are concatenated.
  const { code } = transformSync(text, { loader: "ts", minifySyntax: true, charset: "utf8" });
  return literalsOf(parse(code, { ecmaVersion: "latest", sourceType: "module" }))
    .filter((parts) => parts.join("").length >= LEAST)
    .map((parts) => new RegExp(`^${parts.map(escaped).join("[^]*")}$`));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The fixed parts of each literal. */
function literalsOf(program: Node): string[][] {
  const found: string[][] = [];
  simple(program, {
    Literal({ value }) {
      if (typeof value === "string") found.push([value]);
    },
    TemplateLiteral({ quasis }) {
      found.push(quasis.map(({ value }) => value.cooked ?? ""));
    },
    BinaryExpression(node) {
      const parts = node.operator === "+" && partsOf(node);
      if (parts) found.push(parts);
    },
  });
  return found;
}

/** The fixed parts of a concatenation, whose other operands may be anything. */
function partsOf(node: any): string[] {
  if (node.type === "Literal" && typeof node.value === "string") return [node.value];
  if (node.type === "TemplateLiteral") return node.quasis.map((each: any) => each.value.cooked);
  if (node.type !== "BinaryExpression" || node.operator !== "+") return ["", ""];
  const [left, right] = [partsOf(node.left), partsOf(node.right)];
  return [...left.slice(0, -1), left.at(-1)! + right[0]!, ...right.slice(1)];
}
