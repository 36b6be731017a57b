import type { AccessError } from "@capnweb/core/server";
import { type AccessOptions, checkAccess } from "@capnweb/core/server";

/** Checks the origin and host of a standard `Request` for a WebSocket. */
export function checkRequest(request: Request, options: AccessOptions): AccessError | undefined {
  const { headers } = request;
  return checkAccess(
    {
      origin: headers.get("Origin"),
      host: headers.get("Host") ?? new URL(request.url).host,
      fetchSite: headers.get("Sec-Fetch-Site"),
    },
    options,
  );
}

/** The response that refuses a request. */
export function refusalResponse({ message, status }: AccessError): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  });
}
