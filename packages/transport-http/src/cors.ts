/** Which pages of other origins may send batches. */
export interface CorsOptions {
  /**
   * Origins allowed, or `"*"` for every one, or a function that decides; one that throws refuses.
   */
  origin: "*" | string | readonly string[] | ((origin: string) => boolean);
  /** Request headers allowed besides those that always are, `Authorization` say. */
  allowHeaders?: readonly string[] | undefined;
  /** Whether cookies may be sent along; not with `origin: "*"`. Default false. */
  credentials?: boolean | undefined;
  /** Seconds for which browsers may remember the answer. Default 600. */
  maxAge?: number | undefined;
}

const DEFAULT_MAX_AGE = 600;

/** The headers that answer a request of `origin`, a preflight or a batch; `undefined` if refused. */
export function corsHeaders(
  options: CorsOptions,
  origin: string | null | undefined,
): Record<string, string> | undefined {
  if (typeof origin !== "string" || !isAllowed(options.origin, origin)) return undefined;
  if (options.origin === "*") return { "Access-Control-Allow-Origin": "*" };
  return {
    "Access-Control-Allow-Origin": origin,
    Vary: "Origin",
    ...(options.credentials && { "Access-Control-Allow-Credentials": "true" }),
  };
}

/** What a preflight is told besides. */
export function preflightHeaders(options: CorsOptions): Record<string, string> {
  return {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": ["Content-Type", ...(options.allowHeaders ?? [])].join(", "),
    "Access-Control-Max-Age": String(options.maxAge ?? DEFAULT_MAX_AGE),
  };
}

function isAllowed(allowed: CorsOptions["origin"], origin: string): boolean {
  if (typeof allowed === "function") {
    try {
      return allowed(origin);
    } catch {
      return false;
    }
  }
  return allowed === "*" || [allowed].flat().includes(origin);
}
