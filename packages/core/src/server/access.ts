import { AccessError } from "./errors.ts";

/** The requests that a server accepts. Every server of the transport packages has these options. */
export interface AccessOptions {
  /**
   * The web pages that may connect or send batches: `"same-site"`; `"*"` for pages of every origin;
   * a list of origins besides those of the same site (`"https://app.example"`); or a function that
   * decides, and refuses if it throws. Programs other than browsers send no `Origin`, and are
   * accepted, because they could send any. Default `"same-site"`.
   *
   * A page is of the same site if the browser says so (`Sec-Fetch-Site`). If the browser doesn't
   * say, the host of `Origin` must be the host that the request was sent to. Ports are ignored, so
   * a development server on another port works.
   */
  origins?: "same-site" | "*" | readonly string[] | ((origin: string) => boolean) | undefined;
  /**
   * The host names that the server answers to, without ports (`"example.com"`). A list guards
   * against DNS rebinding, in which a page's own name leads to this server's address. Default:
   * every name.
   */
  hosts?: readonly string[] | undefined;
}

/** The headers of a request that decide about access. */
export interface AccessHeaders {
  /** The value of `Origin`. */
  readonly origin: string | null | undefined;
  /** The value of `Host`, or of HTTP/2's `:authority`. */
  readonly host: string | null | undefined;
  /** The value of `Sec-Fetch-Site`. */
  readonly fetchSite: string | null | undefined;
}

/**
 * Checks a request before any code of the application runs. See {@link AccessOptions} for the
 * rules.
 *
 * @param headers the request's headers
 * @param options the server's options
 * @returns the refusal, which names the option that would allow the request, or `undefined`
 *
 * @example
 * ```ts
 * const refusal = checkAccess({ origin, host, fetchSite }, { origins: ["https://app.example"] });
 * if (refusal) return new Response(refusal.message, { status: refusal.status });
 * ```
 */
export function checkAccess(
  headers: AccessHeaders,
  { origins = "same-site", hosts }: AccessOptions,
): AccessError | undefined {
  const host = hostName(headers.host);
  if (hosts && (host === undefined || !hosts.some((each) => hostName(each) === host))) {
    return new AccessError("host", headers.host ?? "", 421);
  }
  const { origin } = headers;
  if (typeof origin !== "string" || isAllowed(origins, origin)) return undefined;
  if (typeof origins !== "function" && isSameSite(headers, origin, host)) return undefined;
  return new AccessError("origin", origin, 403);
}

function isAllowed(origins: NonNullable<AccessOptions["origins"]>, origin: string): boolean {
  if (typeof origins === "function") {
    try {
      return origins(origin);
    } catch {
      return false;
    }
  }
  if (typeof origins === "string") return origins === "*";
  // Compared as browsers write origins, and also as people copy them, with a slash.
  return origins.some((each) => each === "*" || each.replace(/\/$/, "") === origin);
}

/** The values of `Sec-Fetch-Site` that don't name another site. */
const SAME_SITE: ReadonlySet<string> = new Set(["same-origin", "same-site", "none"]);

function isSameSite(headers: AccessHeaders, origin: string, host: string | undefined): boolean {
  if (headers.fetchSite) return SAME_SITE.has(headers.fetchSite);
  if (!host || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === origin && hostName(url.host) === host;
}

/** The name in a `Host` header, without its port. */
function hostName(host: string | null | undefined): string | undefined {
  if (typeof host !== "string") return undefined;
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host.toLowerCase())?.[1];
}
