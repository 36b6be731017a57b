// The code of docs/frameworks.md is that of the applications which the other tests start.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLDER } from "./support/bundle.ts";

const textOf = (file: string) => readFileSync(join(FOLDER, file), "utf8");

test("each block of docs/frameworks.md is a whole file of this example", () => {
  const page = textOf("../../docs/frameworks.md");
  const blocks = [...page.matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThan(12);
  const files = ["apps", "next", "sveltekit"].flatMap((folder) =>
    readdirSync(join(FOLDER, folder), { recursive: true })
      .map(String)
      .filter((name) => /\.[tj]s$/.test(name))
      .map((name) => textOf(join(folder, name))),
  );
  for (const block of blocks) expect(files).toContain(block);
});
