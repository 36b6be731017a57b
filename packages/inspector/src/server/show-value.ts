import { RpcStub } from "@capnweb/core";

/** The longest text that is shown, and the most levels. */
const LONGEST = 20_000;
const MOST_DEPTH = 12;

/**
 * Writes a value for people, as indented JavaScript.
 *
 * @param nameOf called with each stub in it; returns the text that stands for it
 */
export function showValue(root: unknown, nameOf: (stub: RpcStub<any>) => string): string {
  let left = LONGEST;
  const spend = (text: string): string => {
    const shown = text.length > left ? `${text.slice(0, Math.max(left, 0))}…` : text;
    left -= shown.length;
    return shown;
  };
  const show = (value: unknown, depth: number): string => {
    if (left <= 0) return "…";
    if (typeof value === "string") return spend(JSON.stringify(value));
    if (typeof value === "bigint") return spend(`${value}n`);
    if (value instanceof RpcStub) return spend(nameOf(value as RpcStub<any>));
    if (typeof value === "function") return spend("[function]");
    if (typeof value !== "object" || value === null) return spend(String(value));
    return showObject(value, depth);
  };
  const showObject = (value: object, depth: number): string => {
    if (value instanceof Date) return spend(Number.isNaN(+value) ? "Invalid Date" : value.toJSON());
    if (value instanceof Error) return spend(`${value.name}: ${value.message}`);
    if (value instanceof URL) return spend(value.href);
    if (ArrayBuffer.isView(value)) return spend(`${value.constructor.name}(${value.byteLength})`);
    if (depth >= MOST_DEPTH) return "…";
    const isList = Array.isArray(value);
    if (!isList && !isPlain(value)) return spend(`[${value.constructor?.name ?? "object"}]`);
    const indent = "  ".repeat(depth + 1);
    const parts: string[] = [];
    for (const [key, each] of Object.entries(value)) {
      if (left <= 0) {
        parts.push(`${indent}…`);
        break;
      }
      parts.push(
        `${indent}${isList ? "" : `${spend(JSON.stringify(key))}: `}${show(each, depth + 1)}`,
      );
    }
    const [open, close] = isList ? "[]" : "{}";
    return parts.length === 0
      ? `${open}${close}`
      : `${open}\n${parts.join(",\n")}\n${"  ".repeat(depth)}${close}`;
  };
  return show(root, 0);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
