// Copies the documents that authors of other implementations need into the package that is being
// packed: they have the package, but not this repository.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./packages.mjs";

const DOCUMENTS = ["conformance.md", "attacks.md", "protocol.md", "skeletons"];

const target = join(process.cwd(), "dist", "docs");
mkdirSync(target, { recursive: true });
for (const name of DOCUMENTS) {
  cpSync(join(root, "docs", name), join(target, name), { recursive: true });
}
