import { testTransport } from "@capnweb/testkit/vitest";
import { test } from "vitest";
import { checks } from "./checks.mjs";
import { options } from "./setup.mjs";

testTransport("WebSockets", options);
for (const [name, run] of Object.entries(checks)) test(name, run, 40_000);
