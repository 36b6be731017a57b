import { expect } from "vitest";
import type { Comparison, Difference } from "../../src/differential/compare.ts";
import { nameOf } from "../../src/differential/enumerate.ts";

/** Expects that no difference between a program's reports is unexplained. */
export function expectExplained(comparison: Comparison, difference: Difference): void {
  const { program, reference, ours } = difference;
  const parts = comparison.unexplained(difference);
  const said = (report: typeof ours) => parts.map((part) => [part, report[part]]);
  expect([nameOf(program), said(ours)]).toEqual([nameOf(program), said(reference)]);
}
