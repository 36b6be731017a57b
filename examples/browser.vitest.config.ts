import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Tests of the examples' pages in Chromium: `npm run test:examples`. `npm test` needs no browser.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    name: "example-pages",
    include: ["*/browser/*.test.ts"],
    // They need the built site: `npm run test:playground`.
    exclude: ["documentation/**"],
    globalSetup: ["build-pages.ts"],
    setupFiles: ["../vitest.setup.ts"],
    // A browser for each file is enough.
    maxWorkers: 1,
  },
});
