import type { LimitName, LimitOptionName } from "@capnweb/wire";
import { explain } from "@capnweb/wire/coded";
import { RpcSession } from "../rpc-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { Transport } from "../transport.ts";
import { endSession } from "./end-session.ts";
import { AdmissionError } from "./errors.ts";

/** The reason for refusing a request for a session, in terms that every medium can tell. */
export interface Refusal {
  /** The HTTP status, from 400 to 599. */
  readonly status: number;
  /** Text for the client. */
  readonly reason: string;
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number | undefined;
  /** The limit or option that the request exceeds. */
  readonly limit?: LimitName | LimitOptionName | undefined;
}

/** Seconds after which a client may try again if the server has no place for it. */
const RETRY_AFTER = 1;

/** The refusal that an error of an access check or of an admission stands for. */
export function refusalFor(error: Error & { readonly status: number }): Refusal {
  const { status, message: reason } = error;
  if (!(error instanceof AdmissionError)) return { status, reason };
  return { status, reason, retryAfter: RETRY_AFTER, limit: error.limit };
}

/**
 * The server refuses the session of a connection that is open already. The error is sent to the
 * client, with its status.
 */
export class RefusedError extends Error {
  /** The properties that are sent to the client, besides the code. */
  declare static readonly rpcProperties: readonly string[];

  // An own property, so that peers of every kind learn it.
  /** The same for every error of this class. */
  readonly code = "REFUSED";
  /** The HTTP status that a request would have been answered with. */
  readonly status: number;
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number;

  /** @param refusal the reason */
  constructor({ status, reason, retryAfter }: Refusal) {
    super(reason || `The server refuses the session (${status}).`);
    this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    explain(this);
  }
}

// Not a static field, which TypeScript compiles to a static block: see RpcError.
Object.assign(RefusedError, { rpcProperties: ["status", "retryAfter"] });

/**
 * Refuses the session of a connection that is open already. Its client's calls fail with an error
 * that has the code `"REFUSED"`, the status and the reason.
 *
 * @param transport carries the refusal, and is closed then
 *
 * @example
 * ```ts
 * refuseSession(new MessagePortTransport(port), { status: 401, reason: "Log in first." });
 * ```
 */
export function refuseSession(
  transport: Transport,
  refusal: Refusal,
  { onError }: Pick<RpcSessionOptions, "onError"> = {},
): void {
  const session = new RpcSession(transport, undefined, {
    limits: "server",
    announce: false,
    onError,
  });
  endSession(session, new RefusedError(refusal));
}
