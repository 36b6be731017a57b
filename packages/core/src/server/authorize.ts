import type { ErrorListener } from "../report.ts";
import type { Refusal } from "./refusal.ts";
import { reportError } from "./report-error.ts";
import { setOptionalTimeout } from "./timeout.ts";

/**
 * The decision on a request for a session. `true`, or a context for the main object, accepts it.
 * `false` refuses it with the status 403. A status, with or without a reason for the client,
 * refuses it with that status.
 *
 * @typeParam C the context: for example, the user who made the request
 */
export type Authorization<C = unknown> = true | ContextAuthorization<C>;

/**
 * The decision on a request for a session that isn't accepted without a context.
 *
 * @typeParam C the context
 */
export type ContextAuthorization<C> =
  | false
  | number
  | {
      /** Handed to the function that makes the main object. */
      readonly context: C;
      /**
       * The name of the client for the server's operators, and for resuming: a session is resumed
       * only by a request of the same identity. Default: none.
       */
      readonly identity?: string | undefined;
    }
  | {
      /** The HTTP status, from 400 to 599. */
      readonly status: number;
      /** Text for the client. */
      readonly reason?: string | undefined;
      /** Seconds after which the client may try again. */
      readonly retryAfter?: number | undefined;
    };

/** The outcome of an application's decision: a refusal, or the facts about an accepted client. */
export type Authorized =
  | Refusal
  | {
      readonly status?: undefined;
      readonly context: unknown;
      readonly identity: string | undefined;
    };

/** The outcome for a server that asks for no decision. */
export const UNASKED: Authorized = Object.freeze({ context: undefined, identity: undefined });

/**
 * Asks an application's `authorize` for its decision. The function may throw, take too long, or
 * return anything. Its failures go to `onError`, and refuse the client.
 *
 * @param decide calls `authorize`
 * @param timeout milliseconds
 * @returns a promise that never rejects
 */
export async function runAuthorize(
  decide: () => unknown,
  timeout: number,
  onError: ErrorListener | undefined,
): Promise<Authorized> {
  let cancelTimeout = () => {};
  const timedOut = new Promise<Authorized>((resolve) => {
    cancelTimeout = setOptionalTimeout(() => {
      reportError(
        new Error(`authorize took longer than ${timeout} ms (authorizeTimeout).`),
        onError,
      );
      resolve({ status: 503, reason: "The server took too long to decide." });
    }, timeout);
  });
  const decided = (async () => outcomeOf(await decide()))();
  try {
    return await Promise.race([decided, timedOut]);
  } catch (error) {
    reportError(error, onError);
    return { status: 500, reason: "The server failed to decide." };
  } finally {
    cancelTimeout();
  }
}

function outcomeOf(decision: unknown): Authorized {
  if (decision === true) return UNASKED;
  if (decision === false) return { status: 403, reason: "Not allowed." };
  if (typeof decision === "number") return refusalOf({ status: decision });
  if (typeof decision === "object" && decision !== null) {
    if (!("context" in decision)) return refusalOf(decision);
    const { context, identity } = decision as { context: unknown; identity?: unknown };
    return { context, identity: identity === undefined ? undefined : String(identity) };
  }
  throw new TypeError(`${MISUSE} It returned ${kindOf(decision)}.`);
}

function refusalOf(decision: {
  status?: unknown;
  reason?: unknown;
  retryAfter?: unknown;
}): Refusal {
  const { status, reason, retryAfter } = decision;
  if (typeof status !== "number") {
    throw new TypeError(`${MISUSE} It returned ${kindOf(decision)}.`);
  }
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(`${MISUSE} It refused with ${status}: use a status from 400 to 599.`);
  }
  return {
    status,
    reason: reason ? String(reason) : "",
    ...(Number.isFinite(retryAfter) && { retryAfter: retryAfter as number }),
  };
}

const MISUSE = "authorize must return true, false, { context, identity } or { status, reason }.";

/** Names a value without its content, which may be secret. */
function kindOf(value: unknown): string {
  if (value === undefined) return "undefined, as without a return";
  if (value === null) return "null";
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object with ${Object.keys(value).join(", ") || "no members"}`;
}
