import { LimitError, type LimitName, type LimitOptionName } from "@capnweb/core";
import {
  type Admitted,
  type Leave,
  type Refusal,
  type RequestHeaders,
  reportError,
  reportLimit,
  type SessionHost,
  type SessionRequest,
} from "@capnweb/core/server";
import { decideAccess, type ReadHeader } from "./access.ts";
import { ANNOUNCING_TYPE, documentsIn, isAnnounced, LIMIT_HEADER } from "./announcement.ts";
import { preflightHeaders } from "./cors.ts";
import { HttpBatchError, shuttingDown } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { type MainSource, madeMain, settledMain } from "./main-object.ts";
import { readText } from "./read-body.ts";
import { receivedContext } from "./received-context.ts";
import { runBatch } from "./run-batch.ts";
import type { BatchSettings } from "./settings.ts";

/**
 * Headers of every answer. An answer repeats text of the client's, so no browser may take it for a
 * page.
 */
const TEXT = { "Content-Type": "text/plain;charset=UTF-8", "X-Content-Type-Options": "nosniff" };

/** An HTTP request, in the form that all servers reduce it to. */
export interface BatchRequest {
  readonly method: string | undefined;
  readonly readHeader: ReadHeader;
  /** The path and the query, as the client sent them. */
  readonly url: string;
  /** The server's own request, for the application. */
  readonly source: unknown;
  /** The request's headers, for a host's application. */
  readonly headers: RequestHeaders;
  /** The client's address, if it is known. */
  address(): string | undefined;
  /**
   * Hands over the body's chunks until the exchange is interrupted. Called at most once.
   *
   * @throws HttpBatchError if the exchange is interrupted, or the body is no longer there
   */
  readBody(add: (chunk: Uint8Array) => void, exchange: Exchange): Promise<void> | void;
  /**
   * Begins an exchange. The server ends it once the response has left or the client is gone, and
   * interrupts it if the client goes away before that.
   */
  begin(exchange: Exchange): void;
}

/** The answer to a request. */
export interface BatchAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Answers an HTTP request that should hold a batch. Never rejects.
 *
 * @param decider the main object, for a server without a host; or the host, which decides on the
 *   request, and makes the main object
 */
export async function answerBatch(
  request: BatchRequest,
  decider: MainSource | SessionHost,
  settings: BatchSettings,
): Promise<BatchAnswer> {
  const host = "admit" in decider ? decider : undefined;
  const given = "admit" in decider ? undefined : decider;
  const { refusal, headers: access } = decideAccess(request.readHeader, settings.options);
  const headers = access ? { ...TEXT, ...access } : TEXT;
  if (refusal || request.method !== "POST") {
    given?.discard();
    if (!refusal) return answerWithoutBatch(request.method, headers, settings);
    host?.refuse(refusal);
    return { status: refusal.status, headers, body: refusal.message };
  }
  let leave: Leave | undefined;
  let address: string | undefined;
  let admitted: Admitted | undefined;
  try {
    address = request.address();
    if (host) {
      const decision = host.admit(sessionRequest(request, address), (over) => {
        leave = over;
      });
      // Most decisions are there, and an await takes as long as a small call.
      const decided = decision instanceof Promise ? await decision : decision;
      if (decided.status !== undefined) {
        leave?.();
        return refusalAnswer(decided, headers);
      }
      admitted = decided;
    }
  } catch (error) {
    leave?.();
    given?.discard();
    return failureAnswer(error, headers, settings);
  }
  const exchange = new Exchange(settings, leave, address);
  request.begin(exchange);
  try {
    const announced =
      settings.options.announce !== false && isAnnounced(request.readHeader("accept"));
    const main = given ?? madeMain(() => admitted!.createMain());
    const close = (_cause: unknown, reason: string) => exchange.interrupt(shuttingDown(reason));
    const session = admitted ? admitted.exchange(settings.session, close) : settings.session;
    const own = session === settings.session ? settings : { ...settings, session };
    const body = await exchangeBodies(request, main, own, exchange, announced);
    return {
      status: 200,
      headers: announced ? { ...headers, "Content-Type": ANNOUNCING_TYPE } : headers,
      body,
    };
  } catch (error) {
    return failureAnswer(error, headers, settings);
  }
}

/** Describes a batch to a host of sessions. */
function sessionRequest(
  { url, source, headers }: BatchRequest,
  address: string | undefined,
): SessionRequest {
  return { medium: "http", url, headers, address, source };
}

function refusalAnswer(
  { status, reason, retryAfter, limit }: Refusal,
  headers: Record<string, string>,
): BatchAnswer {
  const own = limit ? limited(headers, limit) : headers;
  return {
    status,
    headers: retryAfter === undefined ? own : { ...own, "Retry-After": `${Math.ceil(retryAfter)}` },
    body: reason,
  };
}

function answerWithoutBatch(
  method: string | undefined,
  headers: Record<string, string>,
  { options: { cors } }: BatchSettings,
): BatchAnswer {
  if (cors && method === "OPTIONS") {
    return { status: 204, headers: { ...headers, ...preflightHeaders(cors) }, body: "" };
  }
  const body = "This endpoint only accepts POST requests.";
  return { status: 405, headers: { ...headers, Allow: "POST" }, body };
}

async function exchangeBodies(
  request: BatchRequest,
  main: MainSource,
  settings: BatchSettings,
  exchange: Exchange,
  announced: boolean,
): Promise<string> {
  let body: string;
  let received: object | undefined;
  try {
    received = receivedContext(request.readHeader, settings);
    body = await readText("request", settings.maxRequestSize, (add) => {
      return request.readBody((chunk) => {
        exchange.held.add(chunk.byteLength);
        add(chunk);
      }, exchange);
    });
    if (exchange.reason) throw exchange.reason;
  } catch (error) {
    main.discard();
    if (error instanceof HttpBatchError) throw error;
    throw new HttpBatchError("DISCONNECTED", "The client went away.", { cause: error });
  }
  exchange.call();
  const made = makeMain(main, settings, exchange);
  // Most are there, and an await takes as long as a small call.
  const settled = made instanceof Promise ? await made : made;
  return runBatch(body, settled, settings, exchange, {
    isAnnounced: announced,
    documents: announced ? documentsIn(request.readHeader("accept")) : undefined,
    received,
  });
}

/**
 * The main object, or a promise of it.
 *
 * @throws HttpBatchError if it can't be made; the promise rejects with one as well
 */
function makeMain(
  main: MainSource,
  { options: { onError } }: BatchSettings,
  exchange: Exchange,
): unknown {
  const fail = (error: unknown): never => {
    if (error === exchange.reason) throw error;
    reportError(error, onError);
    const message = "The server failed to make the batch's main object.";
    throw new HttpBatchError("NO_MAIN", message, { status: 500, cause: error });
  };
  try {
    const made = settledMain(main.make(), exchange, onError);
    return made instanceof Promise ? made.catch(fail) : made;
  } catch (error) {
    return fail(error);
  }
}

function failureAnswer(
  error: unknown,
  headers: Record<string, string>,
  { options }: BatchSettings,
): BatchAnswer {
  if (!(error instanceof HttpBatchError)) {
    // The client didn't cause this failure, so it isn't told about it.
    reportError(error, options.onError);
    return { status: 500, headers, body: "The server failed to answer the batch." };
  }
  const { code, status = 400, message, limit } = error;
  // The session reports its own limits.
  if (code === "TOO_LARGE" || code === "TIMEOUT" || code === "OVERLOADED") {
    reportLimit(new LimitError(message, limit), options);
  }
  return { status, headers: limit ? limited(headers, limit) : headers, body: message };
}

/** The headers of an answer that names a limit. Pages of other origins may read them as well. */
function limited(
  headers: Record<string, string>,
  limit: LimitName | LimitOptionName,
): Record<string, string> {
  const exposed = "Access-Control-Allow-Origin" in headers;
  return {
    ...headers,
    [LIMIT_HEADER]: limit,
    ...(exposed && { "Access-Control-Expose-Headers": LIMIT_HEADER }),
  };
}
