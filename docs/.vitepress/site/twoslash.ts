import { transformerTwoslash } from "@shikijs/vitepress-twoslash";
import { createPositionConverter } from "twoslash-protocol";
import { Compiler } from "./compiler.ts";
import { findSnippets } from "./snippets.ts";

/** Blocks without types on hover, by `page:block`, with the reason. */
const PLAIN: Readonly<Record<string, string>> = {
  "docs/attacks.md:0": "a sketch of a program that the reader has",
  "docs/attacks.md:1": "a sketch of a program that the reader has",
};

/** Kinds of names whose types tell a reader nothing that the code doesn't. */
const OBVIOUS = /^(?:\(parameter\) \w+: (?:string|number|boolean)$|module |namespace )/;

const errors: string[] = [];

/**
 * Shows the types of the names in snippets. A snippet is compiled with the declarations that it
 * leaves to the reader, which the page doesn't show.
 *
 * @param sources the pages
 */
export function typesOnHover(sources: readonly string[]) {
  const snippets = findSnippets(sources).filter(({ name }) => PLAIN[name] === undefined);
  const byCode = new Map(snippets.map((snippet) => [snippet.code.trimEnd(), snippet]));
  let compiler: Compiler | undefined;
  const twoslasher = (code: string) => {
    compiler ??= new Compiler(snippets);
    const snippet = byCode.get(code.trimEnd())!;
    errors.push(...compiler.errorsOf(snippet).map((error) => `${snippet.name}: ${error}`));
    const { indexToPos } = createPositionConverter(code);
    const nodes = compiler
      .hoversOf(snippet)
      .filter(({ text }) => !OBVIOUS.test(text))
      .map((hover) => ({
        ...hover,
        // Tags are for the API reference.
        tags: [],
        ...indexToPos(hover.start),
        type: "hover" as const,
        length: hover.target.length,
      }));
    return { code, nodes, meta: { extension: "ts" } };
  };
  return transformerTwoslash({
    explicitTrigger: false,
    // Takes the place of Twoslash, which would compile each snippet as a program of its own.
    ...({ twoslasher } as object),
    filter: (lang, code) => lang === "ts" && byCode.has(code.trimEnd()),
  });
}

/** @throws Error if a snippet has an error */
export function requireTypes(): void {
  if (errors.length === 0) return;
  throw new Error(
    "Snippets have errors. Mend them, declare in examples/documentation what they leave to the " +
      `reader, or list them in docs/.vitepress/site/twoslash.ts:\n${errors.join("\n")}`,
  );
}
