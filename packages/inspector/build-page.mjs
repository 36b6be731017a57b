// Builds the page of the inspector into dist/page: a script, a style sheet and the document.
import { cpSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

mkdirSync(here("dist/page"), { recursive: true });
await build({
  entryPoints: [here("src/page/main.tsx")],
  outfile: here("dist/page/page.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "error",
});
for (const name of ["index.html", "page.css"]) {
  cpSync(here(`src/page/${name}`), here(`dist/page/${name}`));
}
