import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "documentation",
    include: ["test/**/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
