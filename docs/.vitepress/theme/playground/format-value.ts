import { RpcPromise, RpcStub } from "@capnweb/core";

const DEEPEST = 4;
const LONGEST = 4_000;

/** The text of a line of the console. */
export function formatLine(values: readonly unknown[]): string {
  const text = values
    .map((value) => (typeof value === "string" ? value : formatValue(value, 0)))
    .join(" ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The text of a value, as consoles show it. Never makes a call, although stubs are proxies. */
function formatValue(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return formatFunction(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return formatError(value);
  if (value instanceof Date) return value.toISOString();
  if (depth >= DEEPEST) return "…";
  const inner = (each: unknown) => formatValue(each, depth + 1);
  if (Array.isArray(value)) return `[${value.map(inner).join(", ")}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  if (value instanceof Map || value instanceof Set) {
    return `${value.constructor.name} ${inner([...value])}`;
  }
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? "Object";
  const members = Object.entries(value).map(([key, each]) => `${key}: ${inner(each)}`);
  const content = members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
  return name === "Object" ? content : `${name} ${content}`;
}

function formatFunction(value: unknown): string {
  if (value instanceof RpcPromise) return "RpcPromise";
  if (value instanceof RpcStub) return "RpcStub";
  return `function ${(value as { name: string }).name || "(anonymous)"}`;
}

function formatError(error: Error): string {
  const { code } = error as { code?: unknown };
  const text = `${error.name}: ${error.message}`;
  return typeof code === "string" ? `${text} (${code})` : text;
}
