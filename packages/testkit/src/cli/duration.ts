import { UsageError } from "./usage-error.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * Reads a time with a unit, such as `500ms`, `2s` or `1.5m`.
 *
 * @returns milliseconds
 * @throws UsageError for anything else
 */
export function durationOf(name: string, text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  if (!unit) throw new UsageError(`--${name} takes a time, such as 500ms, 2s or 1m.`);
  return Number(count) * UNITS[unit]!;
}
