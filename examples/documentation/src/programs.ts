import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A folder inside this package, so that the programs find its dependencies. */
const DIRECTORY = fileURLToPath(new URL("../node_modules/.programs/", import.meta.url));

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

/** Makes a program of each block of the pages, in a folder that is emptied first. */
export function writePrograms(pages: readonly Page[]): { directory: string; programs: Program[] } {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(join(DIRECTORY, "package.json"), '{ "type": "module" }');
  const programs = pages.flatMap(({ path, prelude }) =>
    blocksOf(path).map((code, block) => {
      const file = join(DIRECTORY, `${path.replace(/\W/g, "-")}-${block}.ts`);
      writeFileSync(file, `${prelude?.(block) ?? ""}${code}\nexport {};\n`);
      return { page: path, block, file, code };
    }),
  );
  return { directory: DIRECTORY, programs };
}
