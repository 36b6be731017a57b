import { fileURLToPath } from "node:url";
import { defineProject } from "vitest/config";

/** Files that measure their process, or change its modules. Each has a process to itself. */
export const ALONE = "**/*.alone.test.ts";

export const setupFiles = [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))];

/**
 * The settings of a project's tests. Its files share workers, and with them the modules that they
 * import, because loading these takes longer than most tests.
 *
 * @param isolate true if each file has a process to itself
 */
export function testsOf(name: string, isolate = false) {
  // Not by `exclude`, which would take the place of the command line's.
  const include = ["test/**/!(*.alone).test.ts"];
  return defineProject({ test: { name, include, setupFiles, isolate } });
}
