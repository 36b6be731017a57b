// Takes pages apart for the linter of prose.

/**
 * The headings, paragraphs and list items of a page, each with its lines joined. Code, tables and
 * front matter are left out.
 *
 * @returns {{ kind: "heading" | "paragraph" | "item", line: number, words: string }[]}
 */
export function blocksOf(text) {
  const blocks = [];
  let isCode = false;
  let isFrontMatter = text.startsWith("---\n");
  let isOpen = false;
  for (const [i, line] of text.split("\n").entries()) {
    if (isFrontMatter) {
      if (i > 0 && line === "---") isFrontMatter = false;
      continue;
    }
    const words = line.trim();
    if (words.startsWith("```")) isCode = !isCode;
    const isText = !isCode && words !== "" && !/^(```|\||<|!\[)/.test(words);
    const item = /^([-*]|\d+\.) /.exec(words)?.[0];
    const heading = /^#+ /.exec(words)?.[0];
    if (isText && (heading || item || !isOpen)) {
      const kind = heading ? "heading" : item ? "item" : "paragraph";
      blocks.push({ kind, line: i + 1, words: words.slice((heading ?? item ?? "").length) });
    } else if (isText) {
      blocks.at(-1).words += ` ${words}`;
    }
    isOpen = isText && !heading;
  }
  return blocks;
}

/**
 * The sentences of a block, with each piece of code as one word and without the targets of links.
 */
export function sentencesOf(words) {
  return words
    .replace(/`[^`]*`/g, "code")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_]/g, "")
    .split(/(?<=[.!?]["”)]?) +(?=[A-Z0-9“"(]|code\b)/);
}

/** The targets of a page's links, tables included, with the lines they stand on. */
export function linksOf(text) {
  const links = [];
  let isCode = false;
  for (const [i, words] of text.split("\n").entries()) {
    if (words.trim().startsWith("```")) isCode = !isCode;
    if (isCode) continue;
    for (const [, target] of words.replace(/`[^`]*`/g, "code").matchAll(/\]\(([^)\s]+)\)/g)) {
      links.push({ line: i + 1, target });
    }
  }
  return links;
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text) {
  return blocksOf(text)
    .filter(({ kind }) => kind === "heading")
    .map(({ words }) =>
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    );
}
