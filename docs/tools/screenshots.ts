// Takes screenshots of pages at both widths, in light and dark, into a folder:
// `npm run docs:screenshots -- folder [path of a page …]`. Build the site first.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { forEachView } from "./check/views.ts";

const [name, ...paths] = process.argv.slice(2);
if (name === undefined) throw new Error("Name the folder for the screenshots.");
// npm runs this in docs/, and says where it was started.
const folder = resolve(process.env["INIT_CWD"] ?? ".", name);
mkdirSync(folder, { recursive: true });
const pages = paths.length > 0 ? paths : ["", "guide", "observe", "limits", "packages/core"];
await forEachView(pages, async (page, { path, width, scheme }) => {
  const file = `${path.replaceAll("/", "-") || "home"}-${width}-${scheme}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: path === "" });
  console.log(file);
});
