import { defineConfig } from "vitest/config";

const thresholds = { lines: 95, branches: 90 };

export default defineConfig({
  test: {
    projects: [
      "packages/*",
      "interop",
      "benchmarks",
      "examples/documentation",
      "examples/webtransport",
    ],
    coverage: {
      include: ["packages/wire/src/**", "packages/core/src/**"],
      reporter: ["text-summary"],
      // Set for each package, so that neither makes up for the other.
      thresholds: { "packages/wire/src/**": thresholds, "packages/core/src/**": thresholds },
    },
  },
});
