import { Compiler } from "../.vitepress/site/compiler.ts";
import { findPages } from "../.vitepress/site/pages.ts";
import { findSnippets } from "../.vitepress/site/snippets.ts";

const s = findSnippets(
  findPages()
    .map((p) => p.source)
    .filter((p) => !p.includes("generated")),
);
console.log(s.length);
const c = new Compiler(s);
let n = 0,
  t = 0;
for (const x of s) {
  for (const e of c.errorsOf(x)) console.log(x.name, e.slice(0, 300));
  const h = c.hoversOf(x);
  n += h.length;
  t += h.reduce(
    (a, b) => a + b.text.length + (b.docs?.length ?? 0) + JSON.stringify(b.tags).length,
    0,
  );
}
console.log(n, t);
