import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests of the page in Chromium: `npm run test:inspector`. `npm test` needs no browser.
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    name: "inspector-page",
    include: ["browser/*.test.ts"],
    globalSetup: ["test/build-page.ts"],
    setupFiles: ["../../vitest.setup.ts"],
  },
});
