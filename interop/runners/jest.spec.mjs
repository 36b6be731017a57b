import { transportCompliance } from "@capnweb/testkit";
import { checks } from "./checks.mjs";
import { options } from "./setup.mjs";

// biome-ignore-start lint/correctness/noUndeclaredVariables: jest declares them
for (const { name, run } of transportCompliance(options)) test(name, run, 40_000);
for (const [name, run] of Object.entries(checks)) test(name, run, 40_000);
// biome-ignore-end lint/correctness/noUndeclaredVariables: jest declares them
