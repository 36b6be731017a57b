import { ANNOUNCING_ACCEPT } from "./announcement.ts";

/**
 * Settings of `fetch` for a batch's request. Each wins over the same setting of a `Request` that
 * was given.
 */
// Written out rather than picked from `RequestInit`: programs without the DOM's types have another
// one.
export interface BatchRequestInit {
  /** Sent with the request, besides those of a `Request` that was given. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /**
   * Whether the browser sends cookies: `"include"` for those of another origin, whose server must
   * allow it (`cors.credentials`). Default `"same-origin"`.
   */
  credentials?: "omit" | "same-origin" | "include" | undefined;
  cache?:
    | "default"
    | "force-cache"
    | "no-cache"
    | "no-store"
    | "only-if-cached"
    | "reload"
    | undefined;
  /** Default `"cors"`. The response to `"no-cors"` can't be read. */
  mode?: "cors" | "no-cors" | "same-origin" | undefined;
  /**
   * Whether a redirect is followed. Followed, 301, 302 and 303 make a `GET` of the batch, which its
   * server refuses. Default `"follow"`.
   */
  redirect?: "follow" | "error" | "manual" | undefined;
  /** Lets the request outlive its page. Browsers then send 64 KiB at most. Default false. */
  keepalive?: boolean | undefined;
  priority?: "high" | "low" | "auto" | undefined;
  referrer?: string | undefined;
  referrerPolicy?:
    | ""
    | "no-referrer"
    | "no-referrer-when-downgrade"
    | "origin"
    | "origin-when-cross-origin"
    | "same-origin"
    | "strict-origin"
    | "strict-origin-when-cross-origin"
    | "unsafe-url"
    | undefined;
  /** A digest that the response must have. */
  integrity?: string | undefined;
}

/** The settings that are handed to `fetch` as they are. */
const SETTINGS = [
  "credentials",
  "cache",
  "mode",
  "redirect",
  "keepalive",
  "priority",
  "referrer",
  "referrerPolicy",
  "integrity",
] as const;

/** The init of a batch's request, for a `fetch` of `target`. */
export function requestInit(
  target: string | URL | Request,
  options: BatchRequestInit & { announce?: unknown },
  body: string,
  signal: AbortSignal,
): RequestInit {
  const init: Record<string, unknown> = { method: "POST", body, signal };
  for (const name of SETTINGS) {
    const setting = options[name] ?? lostSetting(target, name);
    // Some runtimes refuse the very presence of a setting that they don't know.
    if (setting !== undefined) init[name] = setting;
  }
  const headers = joinedHeaders(target, options.headers, options.announce !== false);
  if (headers) init.headers = headers;
  return init as RequestInit;
}

/** A setting that a `Request` loses when it is given an init. It keeps all others. */
function lostSetting(target: string | URL | Request, name: (typeof SETTINGS)[number]): unknown {
  if (name !== "referrer" && name !== "referrerPolicy") return undefined;
  return (target as Partial<Request>)[name];
}

const ANNOUNCING = Object.freeze({ Accept: ANNOUNCING_ACCEPT });

/**
 * The headers of both; where there is nothing to join, no `Headers` are made, which takes a while.
 */
function joinedHeaders(
  target: string | URL | Request,
  headers: BatchRequestInit["headers"],
  announces: boolean,
): BatchRequestInit["headers"] {
  const ofTarget = typeof target === "string" || target instanceof URL ? undefined : target.headers;
  if (!ofTarget && !headers) return announces ? ANNOUNCING : undefined;
  const all = new Headers(ofTarget);
  for (const [name, value] of new Headers(headers)) all.set(name, value);
  // An application's own says something to its server, and so stays.
  if (announces && !all.has("Accept")) all.set("Accept", ANNOUNCING_ACCEPT);
  return all;
}
