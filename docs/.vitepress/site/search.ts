import type { MarkdownEnv } from "vitepress";
import { GENERATED } from "./address.ts";

/** The part of markdown-it that is used here; two packages disagree about the types of the rest. */
interface Renderer {
  readonly options: { highlight?: unknown };
  render(text: string, env: MarkdownEnv): string;
}

/**
 * Makes the HTML of a page for the search index: without the colours of code, and of the API
 * reference only the names of exports with their descriptions.
 */
export function renderForSearch(text: string, env: MarkdownEnv, md: Renderer): string {
  const { highlight } = md.options;
  md.options.highlight = null;
  try {
    const isGenerated = env.path.includes(GENERATED);
    return md.render(isGenerated ? withoutMembers(text) : text, env);
  } finally {
    md.options.highlight = highlight;
  }
}

/** Leaves out the sections of members, whose headings are below the third level. */
function withoutMembers(text: string): string {
  const sections = text.split(/^(?=#+ )/m);
  return sections
    .filter((section) => /^#{1,3} /.test(section))
    .map((section) => section.replace(/^Defined in: .*\n/gm, "").replace(/^```[\s\S]*?^```/gm, ""))
    .join("");
}
