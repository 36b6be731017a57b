import { checkAccess } from "@capnweb/core/server";
import { allowsOrigin, type CorsOptions, corsHeaders } from "./cors.ts";
import type { HttpBatchServerOptions } from "./settings.ts";

/** Headers that decide on access, or on the form of the answer. */
export type AccessHeader = "origin" | "host" | "sec-fetch-site" | "cookie" | "accept";

/** A header of a request, and nothing where the request lacks it. */
export type ReadHeader = (name: AccessHeader) => string | null | undefined;

/** The decision on a request, made before anything of the application runs. */
export interface Access {
  /** The refusal, if it is one. */
  readonly refusal?: (Error & { readonly status: number }) | undefined;
  /** Headers of the answer. */
  readonly headers?: Record<string, string> | undefined;
}

/** Decides whether a request may have an answer, and whether its page may read it. */
export function decideAccess(readHeader: ReadHeader, options: HttpBatchServerOptions): Access {
  const { cors, hosts, onError } = options;
  const origin = readHeader("origin");
  const isListed =
    cors !== undefined && typeof origin === "string" && allowsOrigin(cors, origin, onError);
  const headers = isListed ? corsHeaders(cors, origin) : undefined;
  // Without these there is nothing to check, and other headers needn't be read.
  if (typeof origin !== "string" && !hosts) return { headers };
  const host = readHeader("host");
  const fetchSite = readHeader("sec-fetch-site");
  const refusal = checkAccess({ origin, host, fetchSite }, options);
  if (!refusal || !isListed) return { refusal, headers };
  const ofHost = checkAccess({ origin: undefined, host, fetchSite }, options);
  return { refusal: ofHost ?? cookieRefusal(origin, cors, readHeader), headers };
}

/**
 * Any page can have a browser send a batch with cookies, whether it may read the answer or not. A
 * page that only `cors` allows gets to do so only if `cors` says that.
 */
function cookieRefusal(
  origin: string,
  cors: CorsOptions,
  readHeader: ReadHeader,
): Access["refusal"] {
  if (cors.credentials || !readHeader("cookie")) return undefined;
  const shown = origin.slice(0, 200);
  const message = `A page of the origin "${shown}" may not send cookies here. The server's "cors.credentials" option allows it.`;
  return Object.assign(new Error(message), { status: 403 });
}
