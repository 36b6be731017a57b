import { reportError, setOptionalTimeout } from "@capnweb/core/server";
import type { Authorization, ServeOptions, SessionRequest } from "./serve-options.ts";

const DEFAULT_AUTHORIZE_TIMEOUT = 10_000;

/** The outcome of `authorize`: a refusal, or the context for `createMain`. */
export type Authorized =
  | { readonly status: number; readonly reason?: string | undefined }
  | { readonly status?: undefined; readonly context: unknown };

/**
 * Calls the application's `authorize`, which may throw, take too long, or return anything. Its
 * errors go to `onError`.
 */
export async function runAuthorize(
  request: SessionRequest,
  { authorize, authorizeTimeout = DEFAULT_AUTHORIZE_TIMEOUT, onError }: ServeOptions,
): Promise<Authorized> {
  if (authorize === undefined) return { context: undefined };
  let cancelTimeout = () => {};
  const timedOut = new Promise<Authorized>((resolve) => {
    cancelTimeout = setOptionalTimeout(() => {
      const message = `authorize took longer than ${authorizeTimeout} ms (authorizeTimeout).`;
      reportError(new Error(message), onError);
      resolve({ status: 503, reason: "The server took too long to decide." });
    }, authorizeTimeout);
  });
  const decided = (async () => outcomeOf(await authorize(request)))();
  try {
    return await Promise.race([decided, timedOut]);
  } catch (error) {
    reportError(error, onError);
    return { status: 500, reason: "The server failed to decide." };
  } finally {
    cancelTimeout();
  }
}

function outcomeOf(decision: Authorization): Authorized {
  if (decision === true) return { context: undefined };
  if (decision === false) return { status: 403, reason: "Not allowed." };
  if (typeof decision === "number") return refusal(decision);
  if (typeof decision === "object" && decision !== null) {
    return "context" in decision
      ? { context: decision.context }
      : refusal(decision.status, decision.reason);
  }
  throw new TypeError("authorize must return true, false, { context } or { status, reason }.");
}

function refusal(status: number, reason?: string): Authorized {
  if (Number.isInteger(status) && status >= 400 && status < 600) {
    return { status, reason: reason === undefined ? undefined : String(reason) };
  }
  throw new RangeError(`authorize refused with ${status}: use a status from 400 to 599.`);
}
