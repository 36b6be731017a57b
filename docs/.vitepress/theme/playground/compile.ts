import { transform } from "sucrase";
import { type Program, SIDES } from "./program.ts";

/**
 * Makes a script of a module in TypeScript: without types, and with `require` in place of imports.
 *
 * @throws SyntaxError that names the line
 */
function compile(name: string, code: string): string {
  const { code: script } = transform(code, {
    transforms: ["typescript", "imports"],
    filePath: `${name}.ts`,
    disableESTransforms: true,
  });
  return script;
}

/** Compiles both ends. */
export function compileProgram(program: Program): Program {
  return Object.fromEntries(SIDES.map((side) => [side, compile(side, program[side])])) as Program;
}
