import { mergeConfig } from "vitest/config";
import { testsOf } from "../../vitest.project.ts";

export default mergeConfig(testsOf("inspector"), { test: { globalSetup: ["test/build-page.ts"] } });
