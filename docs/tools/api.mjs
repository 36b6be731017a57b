// Writes the API reference to docs/generated/api, from the doc comments of the published packages:
// a page for each module that programs import.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Application } from "typedoc";
import { publishedPackages, root } from "../../scripts/packages.mjs";
import { repairAnchors } from "./anchors.mjs";

const OUTPUT = join(root, "docs/generated/api");
const { homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The modules that programs import, by the files behind them. */
const modules = new Map(
  publishedPackages().flatMap(({ directory, manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([name, file]) => /\.tsx?$/.test(file) && name !== "./internal")
      .map(([name, file]) => [join(directory, file), join(manifest.name, name)]),
  ),
);

rmSync(OUTPUT, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown"],
  name: "API reference",
  entryPoints: [...modules.keys()],
  tsconfig: join(root, "docs/tools/tsconfig.api.json"),
  readme: "none",
  router: "module",
  outputs: [{ name: "markdown", path: OUTPUT }],
  // `npm run check:types` has found the errors.
  skipErrorChecking: true,
  logLevel: "Error",
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  disableGit: true,
  sourceLinkTemplate: `${homepage}/blob/main/packages/{path}#L{line}`,
  entryFileName: "index",
  excludeScopesInPaths: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  sanitizeComments: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  enumMembersFormat: "table",
  pageTitleTemplates: { index: "{projectName}", module: "{name}" },
});
const project = await app.convert();
if (project === undefined) throw new Error("TypeDoc couldn't read the packages.");
for (const module of project.children ?? []) {
  const name = modules.get(module.sources?.[0]?.fullFileName ?? "");
  if (name === undefined) throw new Error(`No package has the module ${module.name}.`);
  module.name = name;
}
// A doc comment with a relative link would make TypeDoc copy the file, or a whole folder.
const linked = [...project.files.getNameToAbsoluteMap().values()];
if (linked.length > 0) throw new Error(`Doc comments link to files: ${linked.join(", ")}`);
await app.generateOutputs(project);
if (app.logger.hasErrors()) throw new Error("TypeDoc couldn't write the API reference.");
repairAnchors(OUTPUT);
console.log(`${modules.size} modules in ${OUTPUT}`);
