import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { ALONE, setupFiles } from "./vitest.project.ts";

const thresholds = { lines: 95, branches: 90 };

export default defineConfig({
  test: {
    // Many tests wait for sockets and processes, so even two cores serve two workers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      "packages/*",
      "interop",
      "benchmarks",
      "examples/{agents,batch,calculator,database,microservices,peer-to-peer,tour}",
      "examples/documentation",
      "examples/inspector",
      "examples/chat",
      "examples/files",
      "examples/n-plus-one",
      "examples/webtransport",
      { test: { name: "alone", include: [ALONE], setupFiles } },
    ],
    coverage: {
      include: ["packages/wire/src/**", "packages/core/src/**"],
      reporter: ["text-summary"],
      // Set for each package, so that neither makes up for the other.
      thresholds: { "packages/wire/src/**": thresholds, "packages/core/src/**": thresholds },
    },
  },
});
