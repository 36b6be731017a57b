import { mergeConfig } from "vitest/config";
import { testsOf } from "../../vitest.project.ts";

export default mergeConfig(testsOf("example-inspector"), {
  test: { globalSetup: ["../../packages/inspector/test/build-page.ts"] },
});
