import { type ContextHeader, checkAccess } from "@capnweb/core/server";
import { allowsOrigin, type CorsOptions, corsHeaders } from "./cors.ts";
import type { HttpBatchServerOptions } from "./settings.ts";

/** Headers that decide about access, or about the form of the answer. */
export type AccessHeader = "origin" | "host" | "sec-fetch-site" | "cookie" | "accept";

/** Reads a header of a request. Gives nothing if the request lacks it. */
export type ReadHeader = (name: AccessHeader | ContextHeader) => string | null | undefined;

/** The decision on a request, made before any code of the application runs. */
export interface Access {
  /** The reason for refusing the request; `undefined` if it is allowed. */
  readonly refusal?: (Error & { readonly status: number }) | undefined;
  /** Headers of the answer, whatever the decision. */
  readonly headers?: Record<string, string> | undefined;
}

/** Decides whether a request may have an answer, and whether its page may read it. */
export function decideAccess(readHeader: ReadHeader, options: HttpBatchServerOptions): Access {
  const { cors, hosts, onError } = options;
  const origin = readHeader("origin");
  const isListed =
    cors !== undefined && typeof origin === "string" && allowsOrigin(cors, origin, onError);
  const headers = isListed ? corsHeaders(cors, origin) : undefined;
  // Without these there is nothing to check, so the other headers needn't be read.
  if (typeof origin !== "string" && !hosts) return { headers };
  const host = readHeader("host");
  const fetchSite = readHeader("sec-fetch-site");
  const refusal = checkAccess({ origin, host, fetchSite }, options);
  if (!refusal || !isListed) return { refusal, headers };
  const ofHost = checkAccess({ origin: undefined, host, fetchSite }, options);
  return { refusal: ofHost ?? cookieRefusal(origin, cors, readHeader), headers };
}

/**
 * Decides on a batch with cookies. Any page can make a browser send one, whether or not the page
 * may read the answer. A page that only `cors` allows needs `cors.credentials` for it.
 */
function cookieRefusal(
  origin: string,
  cors: CorsOptions,
  readHeader: ReadHeader,
): Access["refusal"] {
  if (cors.credentials || !readHeader("cookie")) return undefined;
  const shown = origin.slice(0, 200);
  const message =
    `A page of the origin "${shown}" may not send cookies here. The ` +
    `server's "cors.credentials" option allows it.`;
  return Object.assign(new Error(message), { status: 403 });
}
