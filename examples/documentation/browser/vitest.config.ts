import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests of the documentation in Chromium: `npm run test:playground`. `npm test` needs no browser.
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    name: "documentation-browser",
    include: ["browser/*.test.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
