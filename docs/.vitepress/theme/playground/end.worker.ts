// Runs one end of a program. The page terminates the worker: the code may never end.
import * as core from "@capnweb/core";
import * as messagePort from "@capnweb/transport-messageport";
import type { EndEvent, StartEnd } from "./end-events.ts";
import { formatLine } from "./format-value.ts";

const LEVELS = ["debug", "log", "info", "warn", "error"] as const;

const tell = (event: EndEvent) => postMessage(event);

for (const level of LEVELS) {
  console[level] = (...values: unknown[]) => {
    tell({ kind: "line", level, text: formatLine(values) });
  };
}

function fail(error: unknown): void {
  tell({ kind: "line", level: "error", text: `Uncaught ${formatLine([error])}` });
}

addEventListener("error", (event) => fail(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => fail(event.reason));

type Body = (
  require: (name: string) => unknown,
  exports: Record<string, unknown>,
  module: object,
) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

addEventListener(
  "message",
  async ({ data }: MessageEvent<StartEnd>) => {
    const modules: Readonly<Record<string, unknown>> = {
      "@capnweb/core": core,
      "@capnweb/transport-messageport": messagePort,
      playground: { port: data.port },
    };
    const require = (name: string) => {
      if (name in modules) return modules[name];
      throw new Error(`There is no "${name}" here. There are ${Object.keys(modules).join(", ")}.`);
    };
    try {
      const body = new AsyncFunction(
        "require",
        "exports",
        "module",
        `${data.code}\n//# sourceURL=${data.name}.ts`,
      );
      await body(require, {}, {});
    } catch (error) {
      fail(error);
    }
    tell({ kind: "over" });
  },
  { once: true },
);
