import { contentsOf } from "./contents.ts";

/** The longest name of a method that is kept. Peers choose the names. */
export const LONGEST_NAME = 120;
/** Most parts of a path that are shown. */
const MOST_PARTS = 16;

/** Shortens a text that may have any length. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? copied(`${text.slice(0, longest - 1)}…`) : text;
}

/**
 * Returns a text of its own. Engines keep the whole of a text for each part of it, and a peer
 * decides how long the whole is.
 */
export function copied(text: string): string {
  return JSON.parse(JSON.stringify(text));
}

/** The text of a part of a message. Peers make objects that can't be converted to text. */
export function plainText(value: unknown): string {
  return typeof value === "object" && value !== null ? "…" : String(value);
}

/** The name of an operation: its path, with the indexes of lists left out. */
export function nameOf(path: readonly (string | number)[], kind: string): string {
  let name = "";
  for (const part of path.slice(0, MOST_PARTS)) {
    if (typeof part === "number") name += "[]";
    else name += name === "" ? part : `.${part}`;
  }
  if (kind === "map") name += name === "" ? "map()" : ".map()";
  return shortened(name || (kind === "call" ? "(call)" : `(${kind})`), LONGEST_NAME);
}

type Operands = readonly unknown[];

/** Writes tagged expressions for people. */
const WRITERS: Readonly<Record<string, (operands: Operands, longest: number) => string>> = {
  __proto__: null as never,
  undefined: () => "undefined",
  inf: () => "Infinity",
  "-inf": () => "-Infinity",
  nan: () => "NaN",
  bigint: ([, digits]) => `${plainText(digits)}n`,
  date: ([, time]) => (typeof time === "number" ? dateOf(time) : "Invalid Date"),
  bytes: ([, content, name]) => `${plainText(name ?? "bytes")}(${bytesOf(content)})`,
  error: ([, name, message]) => `${plainText(name)}: ${plainText(message)}`,
  url: ([, href]) => `URL(${plainText(href)})`,
  blob: ([, type]) => `Blob(${plainText(type)})`,
  request: ([, url]) => `Request(${plainText(url)})`,
  response: () => "Response",
  headers: () => "Headers",
  readable: ([, id]) => `«stream ${plainText(id)}»`,
  writable: ([, id]) => `«writer ${plainText(id)}»`,
  export: ([, id]) => `«capability ${plainText(id)}»`,
  promise: ([, id]) => `«promise ${plainText(id)}»`,
  import: ([, id, path, args], longest) => `«yours ${plainText(id)}»${suffix(path, args, longest)}`,
  pipeline: ([, id, path, args], longest) =>
    `«result ${plainText(id)}»${suffix(path, args, longest)}`,
  remap: ([, id]) => `«result ${plainText(id)}».map(…)`,
};

/**
 * Writes an expression for people, as JavaScript would write its value.
 *
 * @param longest UTF-16 code units; the rest is left out
 */
export function writeExpression(root: unknown, longest = 200): string {
  let left = longest;
  const write = (value: unknown, depth: number): string => {
    const text = depth > 12 || left <= 0 ? "…" : part(value, depth);
    return text;
  };
  const spend = (text: string): string => {
    const kept = shortened(text, Math.max(left, 1));
    left -= kept.length;
    return kept;
  };
  const part = (value: unknown, depth: number): string => {
    const contents = contentsOf(value);
    switch (contents.kind) {
      case "scalar":
        return scalar(contents.value);
      case "list":
        return `[${list(contents.items, depth)}]`;
      case "object":
        return object(contents.members, depth);
      case "tagged": {
        const { tag, expression } = contents;
        const writer = WRITERS[tag];
        return spend(writer ? writer(expression, left) : `${tag}(…)`);
      }
    }
  };
  const scalar = (value: unknown): string =>
    spend(typeof value === "string" ? JSON.stringify(value.slice(0, longest)) : String(value));
  const list = (items: Iterable<unknown>, depth: number): string => {
    const written: string[] = [];
    for (const each of items) {
      if (left <= 0) {
        written.push("…");
        break;
      }
      written.push(write(each, depth + 1));
    }
    return written.join(", ");
  };
  const object = (members: Iterable<readonly [string, unknown]>, depth: number): string => {
    const written: string[] = [];
    for (const [key, each] of members) {
      if (left <= 0) {
        written.push("…");
        break;
      }
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
      written.push(`${spend(name)}: ${write(each, depth + 1)}`);
    }
    return written.length > 0 ? `{ ${written.join(", ")} }` : "{}";
  };
  return shortened(write(root, 0), longest);
}

/** Writes the arguments of a call. */
export function writeArguments(args: readonly unknown[], longest = 120): string {
  return args.length === 0 ? "" : writeExpression([args], longest).slice(1, -1);
}

function suffix(path: unknown, args: unknown, longest: number): string {
  const parts = Array.isArray(path) ? path.slice(0, MOST_PARTS) : [];
  const names = parts.map((part) => `.${plainText(part)}`).join("");
  const given = Array.isArray(args) ? `(${writeArguments(args, Math.min(longest, 40))})` : "";
  return `${names}${given}`;
}

function dateOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString();
}

function bytesOf(content: unknown): string {
  if (typeof content === "number") return `${content} bytes`;
  if (typeof content === "string") return `${Math.floor((content.length * 3) / 4)} bytes`;
  return content instanceof Uint8Array ? `${content.length} bytes` : "?";
}
