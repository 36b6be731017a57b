import type { CarriedHeaders } from "@capnweb/core";
import { ANNOUNCING_ACCEPT } from "./announcement.ts";

/**
 * Settings of `fetch` for a batch's request. Each takes precedence over the same setting of a
 * `Request`.
 */
// Written out, not picked from `RequestInit`, whose type differs in programs without the DOM's
// types.
export interface BatchRequestInit {
  /** Headers sent with the request, besides those of a given `Request`. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /**
   * The origins that the browser sends cookies to. `"include"` adds other origins, whose servers
   * must allow it (`cors.credentials`). Default: `"same-origin"`.
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
  /** The request's mode. The response to `"no-cors"` can't be read. Default: `"cors"`. */
  mode?: "cors" | "no-cors" | "same-origin" | undefined;
  /**
   * The treatment of redirects. Following a 301, 302 or 303 turns the batch into a `GET`, which
   * its server refuses. Default: `"follow"`.
   */
  redirect?: "follow" | "error" | "manual" | undefined;
  /** Lets the request outlive its page. Browsers then send at most 64 KiB. Default: false. */
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
  /** A digest that the response must match, as in Subresource Integrity. */
  integrity?: string | undefined;
}

/** The options of a batch that has none. */
export const NO_SETTINGS: BatchRequestInit = Object.freeze({});

/** Settings that are handed to `fetch` unchanged. */
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
  context?: CarriedHeaders,
): RequestInit {
  const init: Record<string, unknown> = { method: "POST", body, signal };
  // Most batches have none, and looking for each setting takes time.
  const hasSettings = typeof target !== "string" || options !== NO_SETTINGS;
  for (const name of hasSettings ? SETTINGS : []) {
    const setting = options[name] ?? lostSetting(target, name);
    // Some runtimes refuse an unknown setting even if it is undefined.
    if (setting !== undefined) init[name] = setting;
  }
  const headers = joinedHeaders(target, options.headers, options.announce !== false);
  if (context) init.headers = withContext(headers, context);
  else if (headers) init.headers = headers;
  return init as RequestInit;
}

/** The headers of a request, with those of its calls' context. An application's own stay. */
function withContext(
  headers: BatchRequestInit["headers"],
  context: CarriedHeaders,
): BatchRequestInit["headers"] {
  const all = new Headers(headers);
  for (const [name, value] of context.headers) if (!all.has(name)) all.set(name, value);
  return all;
}

/** A setting that a `Request` loses when it is given an init. All other settings stay. */
function lostSetting(target: string | URL | Request, name: (typeof SETTINGS)[number]): unknown {
  if (name !== "referrer" && name !== "referrerPolicy") return undefined;
  return (target as Partial<Request>)[name];
}

const ANNOUNCING = Object.freeze({ Accept: ANNOUNCING_ACCEPT });

/** The headers of both. Makes no `Headers` if there is nothing to join, because that takes time. */
function joinedHeaders(
  target: string | URL | Request,
  headers: BatchRequestInit["headers"],
  announces: boolean,
): BatchRequestInit["headers"] {
  const ofTarget = typeof target === "string" || target instanceof URL ? undefined : target.headers;
  if (!ofTarget && !headers) return announces ? ANNOUNCING : undefined;
  const all = new Headers(ofTarget);
  for (const [name, value] of new Headers(headers)) all.set(name, value);
  // An `Accept` of the application means something to its server, so it stays.
  if (announces && !all.has("Accept")) all.set("Accept", ANNOUNCING_ACCEPT);
  return all;
}
