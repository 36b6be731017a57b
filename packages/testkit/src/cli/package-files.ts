import { readFile } from "node:fs/promises";

/** The version of this package. */
export async function packageVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return JSON.parse(text).version;
}

/**
 * The text of docs/conformance.md: the package's copy, or the repository's if the package isn't
 * built.
 */
export async function conformanceDocument(): Promise<string> {
  const places = ["../docs/conformance.md", "../../../../docs/conformance.md"];
  for (const place of places) {
    const text = await readFile(new URL(place, import.meta.url), "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error("docs/conformance.md isn't in this package: build it first.");
}
