import { transform } from "esbuild";
import { defineProject, mergeConfig } from "vitest/config";
import { testsOf } from "../../vitest.project.ts";

export default mergeConfig(
  testsOf("plan"),
  defineProject({
    plugins: [
      {
        // The runner of tests leaves decorators as they are, and Node doesn't know them.
        name: "decorators",
        enforce: "pre",
        transform(code, id) {
          if (!/^\s*@\w+\(/m.test(code) || !id.endsWith(".ts")) return undefined;
          return transform(code, { loader: "ts", target: "es2022", sourcemap: true });
        },
      },
    ],
  }),
);
