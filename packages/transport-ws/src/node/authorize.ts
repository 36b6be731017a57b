import type { IncomingMessage } from "node:http";
import type { RpcSessionOptions } from "@capnweb/core";
import { reportError, setOptionalTimeout } from "@capnweb/core/server";
import type { Refusal } from "./refuse.ts";

/**
 * The decision on a request for a WebSocket. `true`, or a context for `createMain`, accepts it; a
 * status, with or without a reason, refuses it.
 *
 * @typeParam C the context for `createMain`: for example, the user who made the request
 */
export type Authorization<C = unknown> = true | ContextAuthorization<C>;

/**
 * The decision on a request whose WebSocket isn't accepted without a context.
 *
 * @typeParam C the context for `createMain`
 */
export type ContextAuthorization<C> =
  | false
  | { readonly context: C }
  | {
      /** The HTTP status, from 400 to 599. */
      readonly status: number;
      /** Text for the client, sent as the body of the response. */
      readonly reason?: string | undefined;
    };

/** The outcome of `authorize`: a refusal, or the context. */
export type Authorized = { refusal: Refusal } | { refusal?: undefined; context: unknown };

const TIMED_OUT = Symbol("timed out");

/** Calls the application's `authorize`, which may throw, take too long, or return anything. */
export async function runAuthorize(
  authorize: (request: IncomingMessage) => unknown,
  request: IncomingMessage,
  timeout: number,
  onError: RpcSessionOptions["onError"],
): Promise<Authorized> {
  let cancelTimeout = () => {};
  try {
    const timedOut = new Promise<typeof TIMED_OUT>((resolve) => {
      cancelTimeout = setOptionalTimeout(() => resolve(TIMED_OUT), timeout);
    });
    const decision = await Promise.race([authorize(request), timedOut]);
    if (decision !== TIMED_OUT) return outcomeOf(decision);
    reportError(new Error(`authorize took longer than ${timeout} ms (authorizeTimeout).`), onError);
    return { refusal: { status: 503, reason: "The server took too long to decide." } };
  } catch (error) {
    reportError(error, onError);
    return { refusal: { status: 500, reason: "The server failed to decide." } };
  } finally {
    cancelTimeout();
  }
}

function outcomeOf(decision: unknown): Authorized {
  if (decision === true) return { context: undefined };
  if (decision === false) return { refusal: { status: 403, reason: "Not allowed." } };
  if (typeof decision === "object" && decision !== null) {
    if ("context" in decision) return { context: decision.context };
    const { status, reason } = decision as { status?: unknown; reason?: unknown };
    if (Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599) {
      return { refusal: { status: status as number, reason: reason ? String(reason) : "" } };
    }
  }
  throw new TypeError(
    "authorize must return true, false, { context } or { status, reason } with a status from 400 to 599.",
  );
}
