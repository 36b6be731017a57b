import { readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);

/** An operator's setting, as the page describes it. `{name}` in a gain stands for a figure. */
export interface Setting {
  readonly name: string;
  /** The defaults: at servers, at clients, and in the profile `"trusted"`. */
  readonly defaults: readonly [server: string, client: string, trusted: string];
  readonly counted: string;
  readonly atLimit: string;
  readonly gain: string;
}

const MI = 1024 * 1024;

/** A number in the page's notation: `4 Mi`, `16,384`, `none`. */
export function shown(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "none";
  return value >= MI && value % MI === 0 ? `${value / MI} Mi` : value.toLocaleString("en-US");
}

/** The value of a constant in a package's source, because defaults of options aren't exported. */
export function constant(file: string, name: string): string {
  const source = readFileSync(new URL(`packages/${file}`, ROOT), "utf8");
  const text = new RegExp(`const ${name} = ([\\d_* ]+);`).exec(source)?.[1];
  if (!text) throw new Error(`packages/${file} has no number ${name}.`);
  return shown(text.split("*").reduce((all, each) => all * Number(each.replaceAll("_", "")), 1));
}

/** The default of an option, in the expression that fills it in. */
export function fallback(file: string, name: string): string {
  const source = readFileSync(new URL(`packages/${file}`, ROOT), "utf8");
  const text = new RegExp(`\\b${name} (?:=|\\?\\?) ([\\d_]+)`).exec(source)?.[1];
  if (!text) throw new Error(`packages/${file} has no default of ${name}.`);
  return shown(Number(text.replaceAll("_", "")));
}

/** A setting that isn't one of the limits of sessions. */
export const option = (
  name: string,
  [server, client]: readonly [string, string],
  counted: string,
  atLimit: string,
  gain: string,
): Setting => ({ name, defaults: [server, client, ""], counted, atLimit, gain });
