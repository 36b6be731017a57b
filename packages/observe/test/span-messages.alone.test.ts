import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Span, SpanStatus } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { fail } from "../src/otel/spans.ts";

// Alone, because the heap of the process is measured.

const COUNT = 50;
const LENGTH = 1_000_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("spans keep no more of a long message than they show", () => {
  const kept: SpanStatus[] = [];
  const span = {
    setAttribute() {},
    setStatus: (status: SpanStatus) => kept.push(status),
  } as unknown as Span;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < COUNT; i++) {
    fail(span, new Error(JSON.parse(`"no item named ${"x".repeat(LENGTH)}${i}"`)), "Error");
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan((COUNT * LENGTH) / 4);
  expect(kept).toHaveLength(COUNT);
  expect(kept[0]?.message).toMatch(/^no item named x+$/);
});
