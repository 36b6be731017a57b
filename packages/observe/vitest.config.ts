import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "observe",
    include: ["test/**/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
