import type { RpcSessionOptions } from "@capnweb/core";
import { reportError } from "@capnweb/core/server";

/**
 * Permission for pages of other origins to send batches and read the answers (CORS, as in the Fetch
 * standard).
 */
export interface CorsOptions {
  /**
   * The allowed origins, `"*"` for every origin, or a function that decides. If the function
   * throws, the origin is refused, and `onError` receives the error.
   */
  origin: "*" | string | readonly string[] | ((origin: string) => boolean);
  /**
   * Request headers allowed besides those that always are, `Authorization` for example. Always
   * allowed are `Content-Type` and the headers of calls' contexts.
   */
  allowHeaders?: readonly string[] | undefined;
  /**
   * True if pages of these origins may send cookies along. Excludes `origin: "*"`. Without it, a
   * batch that has cookies and comes from such an origin is refused. Default: false.
   */
  credentials?: boolean | undefined;
  /** Seconds for which browsers may remember the answer to a preflight. Default: 600. */
  maxAge?: number | undefined;
}

const DEFAULT_MAX_AGE = 600;

/** Tells whether `options` allow `origin`. */
export function allowsOrigin(
  { origin: allowed }: CorsOptions,
  origin: string,
  onError: RpcSessionOptions["onError"],
): boolean {
  if (typeof allowed === "function") {
    try {
      return allowed(origin);
    } catch (error) {
      reportError(error, onError);
      return false;
    }
  }
  return allowed === "*" || [allowed].flat().includes(origin);
}

/** The headers of every answer to a page of an allowed origin. */
export function corsHeaders(options: CorsOptions, origin: string): Record<string, string> {
  if (options.origin === "*") return { "Access-Control-Allow-Origin": "*" };
  return {
    "Access-Control-Allow-Origin": origin,
    Vary: "Origin",
    ...(options.credentials && { "Access-Control-Allow-Credentials": "true" }),
  };
}

/** The request headers that a batch of this library may have besides those that need no leave. */
const ALLOWED = [
  "Content-Type",
  "traceparent",
  "tracestate",
  "Capnweb-Deadline",
  "Capnweb-Metadata",
];

/** Headers that only the answer to a preflight has. */
export function preflightHeaders(options: CorsOptions): Record<string, string> {
  return {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": [...ALLOWED, ...(options.allowHeaders ?? [])].join(", "),
    "Access-Control-Max-Age": String(options.maxAge ?? DEFAULT_MAX_AGE),
  };
}
