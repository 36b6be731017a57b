import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "./programs.ts";

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));

/** The pages in a folder of docs/. */
function pagesIn(folder: string): Page[] {
  return readdirSync(`${DOCS}${folder}`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ path: `docs/${folder}/${name}` }));
}

/** Pages whose blocks are complete programs: they run, end, and print what their comments show. */
export const COMPLETE_PAGES: readonly Page[] = [
  { path: "docs/guide.md" },
  { path: "docs/guide/testing.md" },
  ...pagesIn("recipes"),
  ...pagesIn("from"),
];

/** The declarations of other runtimes' globals. */
const RUNTIMES = `
declare const Deno: {
  serve(options: { port: number }, handler: (request: Request) => Promise<Response>): unknown;
};
declare const Bun: {
  serve(options: {
    port: number;
    fetch(request: Request, server: { upgrade(request: Request): boolean }): unknown;
    websocket: object;
  }): unknown;
};
`;

/** docs/guide/deploying.md, whose server runs until it is told to end. */
export const DEPLOYING: Page = { path: "docs/guide/deploying.md" };

/** docs/start.md, whose blocks are the files of one folder. */
export const START: Page = {
  path: "docs/start.md",
  prelude: (block) => (block === 2 || block === 3 ? RUNTIMES : ""),
};
