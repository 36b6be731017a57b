import { type AccessOptions, checkAccess } from "./access.ts";
import type { AccessError } from "./errors.ts";
import type { Refusal } from "./refusal.ts";
import type { Admitted, SessionHost, SessionRequest } from "./session-host.ts";

/**
 * Checks the origin and the host of a standard `Request`.
 *
 * @returns the refusal, or `undefined`
 */
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

/** Describes a standard `Request` to a host of sessions. */
export function sessionRequestOf(
  medium: string,
  request: Request,
  address: string | undefined,
): SessionRequest {
  const { url, headers } = request;
  return { medium, url: pathAndQuery(url), headers, address, source: request };
}

/** The path and the query of a `Request`'s URL. */
export function pathAndQuery(url: string): string {
  const from = url.indexOf("/", url.indexOf("//") + 2);
  return from < 0 ? "/" : url.slice(from);
}

/** The response that refuses a request. */
export function refusalResponse({ status, reason, retryAfter }: Refusal): Response {
  const headers: Record<string, string> = { "Content-Type": "text/plain; charset=utf-8" };
  if (retryAfter !== undefined) headers["Retry-After"] = `${Math.ceil(retryAfter)}`;
  return new Response(reason && `${reason}\n`, { status, headers });
}

/** A host whose clients are of a certain kind. */
export type HostOf<A extends Admitted> = Pick<SessionHost, "options" | "refuse"> & {
  admit(
    request: SessionRequest,
    onOver: (leave: () => void) => void,
  ): Refusal | A | Promise<Refusal | A>;
};

/** The decision on a request for a connection. */
export type Decision<A extends Admitted> =
  /** The response that refuses the request. */
  | { readonly response: Response; readonly decided?: undefined }
  /** The client, or the refusal that the connection is to tell. `leave` gives its place back. */
  | { readonly decided: Refusal | A; readonly leave: () => void; readonly response?: undefined };

/**
 * Decides on a standard `Request` for a connection, such as a WebSocket, before it is accepted.
 *
 * A web page can't read the response that refuses its WebSocket. If the application refused it, its
 * connection is to be accepted, and tells the refusal ({@link refuseSession}).
 *
 * @param address the client's address, if it is known
 * @returns a promise that never rejects
 *
 * @example
 * ```ts
 * const { response, decided, leave } = await admitRequest(host, "websocket", request, address);
 * if (response) return response;
 * ```
 */
export async function admitRequest<A extends Admitted>(
  host: HostOf<A>,
  medium: string,
  request: Request,
  address: string | undefined,
): Promise<Decision<A>> {
  const refusal = checkRequest(request, host.options);
  if (refusal) return { response: refusalResponse(host.refuse(refusal)) };
  let leave = () => {};
  const decision = host.admit(sessionRequestOf(medium, request, address), (over) => {
    leave = over;
  });
  const decided = await decision;
  const wasAsked = decision instanceof Promise;
  if (decided.status === undefined || (wasAsked && request.headers.has("Origin"))) {
    return { decided, leave };
  }
  leave();
  return { response: refusalResponse(decided) };
}
