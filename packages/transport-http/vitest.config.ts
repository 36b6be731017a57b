import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "transport-http",
    include: ["test/**/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
