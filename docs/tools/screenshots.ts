// Takes screenshots of pages at both widths, in light and dark, into a folder:
// `npm run docs:screenshots -- folder [path of a page …]`. Build the site first.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { forEachView } from "./check/views.ts";

const [folder, ...paths] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder for the screenshots.");
mkdirSync(folder, { recursive: true });
const pages = paths.length > 0 ? paths : ["", "guide", "observe", "limits", "packages/core"];
await forEachView(pages, async (page, { path, width, scheme }) => {
  const name = `${path.replaceAll("/", "-") || "home"}-${width}-${scheme}.png`;
  await page.screenshot({ path: join(folder, name), fullPage: path === "" });
  console.log(name);
});
