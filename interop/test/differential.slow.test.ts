import { test } from "vitest";
import { Comparison } from "../src/differential/compare.ts";
import { runBoth } from "../src/differential/difference.ts";
import { somePrograms } from "../src/differential/enumerate.ts";
import { exceptions } from "../src/differential/exceptions/index.ts";
import { seed } from "../src/runs.ts";
import { expectExplained } from "./support/explained.ts";

// `npm run differences` runs all of them.
test("a program has the same outcome with @capnweb/compat as with capnweb, for any value, place and operation", {
  timeout: 0,
}, async () => {
  const comparison = new Comparison(exceptions);
  for (const program of somePrograms(48, seed)) {
    expectExplained(comparison, await runBoth(program));
  }
});
