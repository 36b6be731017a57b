import { test } from "node:test";
import { testTransport } from "@capnweb/testkit/node-test";
import { checks } from "./checks.mjs";
import { options } from "./setup.mjs";

testTransport("WebSockets", options);
for (const [name, run] of Object.entries(checks)) test(name, run);
