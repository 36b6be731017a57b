import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Folders inside this package, so that the programs find its dependencies. */
const FOLDERS = new URL("../node_modules/", import.meta.url);

/** A page with code in it, and the declarations that its blocks lack. */
export interface Page {
  readonly path: string;
  /**
   * Returns the code to put before a block: the page's earlier declarations, or those that it
   * leaves to the reader.
   */
  readonly prelude?: (block: number) => string;
}

/** A block of code of a page, as a program of its own. */
export interface Program {
  readonly page: string;
  readonly block: number;
  readonly file: string;
  readonly code: string;
}

/** The TypeScript blocks of a page. */
export function blocksOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);
}

/** The output that a block's comments claim: `console.log(1 + 1); // 2, of course` claims `2`. */
export function printedBy(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (\S+?),?(?: .*)?$/gm)].map(
    (match) => match[1]!,
  );
}

/** The lines that a complete program prints: the text after `console.log(…); //`. */
export function linesOf(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]!);
}

/**
 * Makes a program of each block of the pages, in a folder that is emptied first.
 *
 * @param name the name of the folder: test files that run at the same time need two
 */
export function writePrograms(
  pages: readonly Page[],
  name = ".programs",
): { directory: string; programs: Program[] } {
  const directory = fileURLToPath(new URL(`${name}/`, FOLDERS));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const programs = pages.flatMap(({ path, prelude }) =>
    blocksOf(path).map((code, block) => {
      const file = join(directory, `${path.replace(/\W/g, "-")}-${block}.ts`);
      writeFileSync(file, `${prelude?.(block) ?? ""}${code}\nexport {};\n`);
      return { page: path, block, file, code };
    }),
  );
  return { directory, programs };
}
