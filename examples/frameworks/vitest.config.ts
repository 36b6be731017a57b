import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `npm run test:frameworks`. `npm test` needs no other runtimes.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    name: "frameworks",
    include: ["test/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
    maxWorkers: 2,
  },
});
