import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "compat", include: ["test/**/*.test.ts"], setupFiles: ["../../vitest.setup.ts"] },
});
