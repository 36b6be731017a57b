import { transportCompliance } from "@capnweb/testkit";
import { describe, it } from "mocha";
import { checks } from "./checks.mjs";
import { options } from "./setup.mjs";

describe("WebSockets", () => {
  for (const { name, run } of transportCompliance(options)) it(name, run).timeout(40_000);
  for (const [name, run] of Object.entries(checks)) it(name, run).timeout(40_000);
});
