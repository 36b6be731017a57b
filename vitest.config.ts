import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "interop", "examples/documentation", "examples/webtransport"],
    coverage: {
      include: ["packages/wire/src/**", "packages/core/src/**"],
      exclude: ["**/types/index.ts", "packages/core/src/types/**"],
      reporter: ["text-summary"],
      thresholds: { lines: 95, branches: 90 },
    },
  },
});
