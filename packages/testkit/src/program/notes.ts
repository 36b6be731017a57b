import { serialize } from "@capnweb/wire";
import { classOf, isPlainObject, toThisRealm } from "../realms.ts";

/** An expression that shows the type and content of a value. */
export function noted(value: unknown): unknown {
  if (typeof value === "function") return ["$stub"];
  if (typeof value !== "object" || value === null) return byValue(value);
  if (Array.isArray(value)) return [value.map(noted)];
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, noted(each)]));
  }
  const { type, size, status, url } = value as Blob & Response;
  switch (classOf(value)) {
    case "ReadableStream":
      return ["$readable"];
    case "WritableStream":
      return ["$writable"];
    case "Blob":
    case "File":
      return ["$blob", type, size];
    case "Response":
      return ["$response", status];
    case "Request":
      return ["$request", url];
    default:
      return byValue(toThisRealm(value));
  }
}

/** The note of a failure, as distinct from an `Error` that is a value. */
export function notedFailure(error: unknown): unknown {
  return ["$failed", noted(error)];
}

function byValue(value: unknown): unknown {
  return JSON.parse(serialize(value, { errorProperties: "all" }));
}
