import type { SessionRequest } from "@capnweb/core/server";
import { isDevelopment } from "../recording/recorder.ts";
import { InspectorAccessError } from "./errors.ts";

/** The decision on a request for the inspector. */
export type InspectorDecision =
  | boolean
  | { readonly status: number; readonly reason?: string | undefined };

/** Decides on a request for the inspector's page or its data. */
export type AuthorizeInspector = (
  request: SessionRequest,
) => InspectorDecision | PromiseLike<InspectorDecision>;

/** Checks a request, and asks the application. */
export type CheckAccess = (
  request: SessionRequest,
) => InspectorDecision | PromiseLike<InspectorDecision>;

/**
 * Returns the check of an inspector's requests. Pages of other origins are refused. Without
 * `authorize`, so is every request that doesn't come from this machine, or names another host: a
 * page could have its own name lead to this machine.
 *
 * @param where the function that was called, for errors
 * @throws InspectorAccessError without `authorize`, unless `NODE_ENV` is `development`
 */
export function accessOf(where: string, authorize: AuthorizeInspector | undefined): CheckAccess {
  if (!authorize && !isDevelopment()) throw new InspectorAccessError(where);
  return (request) => {
    if (!isSameOrigin(request)) {
      return { status: 403, reason: "Pages of other origins may not use the inspector." };
    }
    return authorize ? authorize(request) : localOnly(request);
  };
}

/** Headers of proxies. The address is that of the proxy then, which may run on this machine. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** The decision on a request to an inspector that serves only its own machine. */
export function localOnly({ address, headers }: SessionRequest): InspectorDecision {
  const isForwarded = FORWARDED.some((name) => headers.get(name));
  if (!isForwarded && isLoopback(address) && isLocalName(headers.get("host"))) return true;
  return { status: 403, reason: "This inspector serves only its own machine." };
}

/** True for a request of the inspector's own page, and of a program that is no browser. */
export function isSameOrigin({ headers }: SessionRequest): boolean {
  const site = headers.get("sec-fetch-site");
  if (site && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  if (!origin) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get("host")?.toLowerCase();
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

function isLocalName(host: string | null | undefined): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host ?? "");
}
