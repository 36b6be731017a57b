import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "example-webtransport",
    include: ["test/**/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
