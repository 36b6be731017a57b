// The format of figures, in the terminal and on the page.
import type { Spread } from "../statistics/spread.ts";

/** A number with three significant digits, with commas in the thousands. */
export function number(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  });
}

/** A count, without meaningless decimals. */
export function count(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

/** A count, rounded to a whole number. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A ratio: "1.52". */
export function ratio(value: number): string {
  return value.toFixed(2);
}

/** A time in nanoseconds, in a suitable unit: "12.6 µs". */
export function duration(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${number(nanoseconds)} ns`;
  if (nanoseconds < 1e6) return `${number(nanoseconds / 1000)} µs`;
  if (nanoseconds < 1e9) return `${number(nanoseconds / 1e6)} ms`;
  return `${number(nanoseconds / 1e9)} s`;
}

/** An amount of memory, in a suitable unit: "12.6 MiB". */
export function bytes(value: number): string {
  const size = Math.abs(value);
  if (size < 1024) return `${count(Math.round(value))} B`;
  return size < 1024 ** 2 ? `${number(value / 1024)} KiB` : `${number(value / 1024 ** 2)} MiB`;
}

/** A rate per second: "79,400". */
export function perSecond(nanoseconds: number): string {
  return number(1e9 / nanoseconds);
}

/** The distance of the quartiles from the median: "-3 % +5 %". */
export function spread({ median, low, high }: Spread): string {
  const percent = (value: number) => Math.round((value / median - 1) * 100);
  return `${percent(low)} % +${percent(high)} %`.replace(/^0 /, "-0 ");
}

/** The plural of a unit. */
export function plural(unit: string): string {
  return unit === "MB" ? unit : unit.endsWith("h") ? `${unit}es` : `${unit}s`;
}
