import { serialize } from "@capnweb/wire";

/** A value as an expression that shows its type and content. */
export function noted(value: unknown): unknown {
  if (typeof value === "function") return ["$stub"];
  if (typeof value !== "object" || value === null) return byValue(value);
  if (Array.isArray(value)) return [value.map(noted)];
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, noted(each)]));
  }
  if (value instanceof ReadableStream) return ["$readable"];
  if (value instanceof WritableStream) return ["$writable"];
  if (value instanceof Blob) return ["$blob", value.type, value.size];
  if (value instanceof Response) return ["$response", value.status];
  if (value instanceof Request) return ["$request", value.url];
  return byValue(value);
}

/** A failure, as distinct from an `Error` that is a value. */
export function notedFailure(error: unknown): unknown {
  return ["$failed", noted(error)];
}

function byValue(value: unknown): unknown {
  return JSON.parse(serialize(value, { errorProperties: "all" }));
}
