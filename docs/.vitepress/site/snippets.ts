import { join } from "node:path";
import { PAGES } from "../../../examples/documentation/src/pages.ts";
import { blocksOf } from "../../../examples/documentation/src/programs.ts";
import { publishedPackages } from "../../../scripts/packages.mjs";
import { ROOT } from "./address.ts";

/** A TypeScript block of a page, as a file of a program. */
export interface Snippet {
  /** The page and the number of the block, such as `docs/guide.md:2`. */
  readonly name: string;
  /** The path of the file. It exists only in the compiler's mind. */
  readonly file: string;
  readonly code: string;
  /** The declarations that the page leaves to the reader. */
  readonly prelude: string;
}

/** A folder inside a package that has the dependencies of all snippets. */
const FOLDER = join(ROOT, "examples/documentation/.snippets");

/** The TypeScript blocks of pages, with the declarations that `examples/documentation` has. */
export function findSnippets(sources: readonly string[]): Snippet[] {
  const preludes = new Map(PAGES.map(({ path, prelude }) => [path, prelude]));
  return sources.flatMap((source) => {
    const page = source.replace(/\W/g, "-");
    return blocksOf(source).map((code, block) => ({
      name: `${source}:${block}`,
      file: join(FOLDER, page, `${page}-${block}.ts`),
      code,
      prelude: preludes.get(source)?.(block) ?? "",
    }));
  });
}

const LOCAL_IMPORT = /from "\.\/([\w-]+\.ts)"/g;

/** The files of the compiler: the snippets, and the files that they import from each other. */
export function filesOf(snippets: readonly Snippet[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const [i, { file, code, prelude }] of snippets.entries()) {
    const text = `${prelude}${code}`;
    files.set(file, `${text}\nexport {};\n`);
    const folder = join(file, "..");
    for (const [, name] of text.matchAll(LOCAL_IMPORT)) {
      const exporting = snippets
        .slice(0, i)
        .find((each) => each.file.startsWith(folder) && /^export /m.test(each.code));
      if (exporting) files.set(join(folder, name!), exporting.prelude + exporting.code);
    }
  }
  return files;
}

/** The built types of the published packages, by the names that programs import. */
export function builtTypes(): Record<string, string[]> {
  return Object.fromEntries(
    publishedPackages().flatMap(({ directory, manifest }) =>
      Object.entries<{ types?: string }>(manifest.publishConfig?.exports ?? {}).flatMap(
        ([name, { types }]) =>
          types ? [[join(manifest.name, name), [join(directory, types)]]] : [],
      ),
    ),
  );
}
