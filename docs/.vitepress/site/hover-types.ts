import type { ShikiTransformer } from "shiki";
import { Compiler } from "./compiler.ts";
import { findSnippets } from "./snippets.ts";

/** Blocks without types on hover, by page and number, with the reason. */
const PLAIN: Readonly<Record<string, string>> = {
  "docs/attacks.md:0": "a sketch around a program that the reader has",
  "docs/attacks.md:1": "a sketch around a program that the reader has",
  "docs/from/grpc-web.md:0": "imports code that a generator makes",
  "docs/start.md:2": "has the globals of Bun",
  "docs/start.md:3": "has the globals of Deno",
};

/** Pages without types on hover, with the reason. */
const PLAIN_PAGES: Readonly<Record<string, string>> = {
  "docs/frameworks.md":
    "its blocks are files of examples/frameworks, which their own tests compile",
};

/** Types that tell a reader nothing beyond the code. */
const OBVIOUS = /^(?:\(parameter\) \w+: (?:string|number|boolean)$|module |namespace )/;

/** A type may be a thousand lines long. */
const LONGEST = 1_000;

const errors = new Set<string>();

/**
 * Makes the types of names in snippets available to the page, which shows them on hover. A snippet
 * is compiled with the declarations that it leaves to the reader, which the page doesn't show.
 *
 * @param sources the pages
 */
export function hoverTypes(sources: readonly string[]): ShikiTransformer {
  const snippets = findSnippets(
    sources.filter((source) => PLAIN_PAGES[source] === undefined),
  ).filter(({ name }) => PLAIN[name] === undefined);
  const byCode = new Map(snippets.map((snippet) => [snippet.code.trimEnd(), snippet]));
  let compiler: Compiler | undefined;
  return {
    name: "hover-types",
    preprocess(code, options) {
      const snippet = options.lang === "ts" ? byCode.get(code.trimEnd()) : undefined;
      if (snippet === undefined) return;
      compiler ??= new Compiler(snippets);
      for (const error of compiler.errorsOf(snippet)) errors.add(`${snippet.name}: ${error}`);
      const hovers = compiler.hoversOf(snippet).filter(({ text }) => !OBVIOUS.test(text));
      options.decorations = hovers.map(({ text, docs, start, target }) => ({
        start,
        end: start + target.length,
        properties: {
          class: "has-type",
          "data-type": text.slice(0, LONGEST),
          ...(docs && { "data-docs": docs.slice(0, LONGEST) }),
        },
      }));
    },
  };
}

/** @throws Error if a snippet has an error */
export function requireTypes(): void {
  if (errors.size === 0) return;
  throw new Error(
    "Snippets have errors. Mend them, declare in examples/documentation what they leave to the " +
      `reader, or list them in docs/.vitepress/site/hover-types.ts:\n${[...errors].join("\n")}`,
  );
}
