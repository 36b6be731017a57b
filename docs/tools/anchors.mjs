// Repairs links of TypeDoc's pages. It numbers headings of the same name in another way than the
// site, which numbers them in the order of the page.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import GithubSlugger from "github-slugger";

/** Takes the number off links to headings that the site doesn't number. */
export function repairAnchors(folder) {
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
  const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
  const anchors = new Map(files.map((file) => [file, anchorsOf(texts.get(file))]));
  for (const [file, text] of texts) {
    const repaired = text.replace(
      /\]\(([^()#\s]*)#([\w-]+?)(-\d+)\)/g,
      (link, path, name, number) => {
        const target = anchors.get(path === "" ? file : join(dirname(file), path));
        return target && !target.has(name + number) ? `](${path}#${name})` : link;
      },
    );
    if (repaired !== text) writeFileSync(file, repaired);
  }
}

function anchorsOf(text) {
  const slugger = new GithubSlugger();
  const headings = text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.*)$/gm);
  return new Set([...headings].map(([, words]) => slugger.slug(words)));
}
