import { LimitError } from "@capnweb/core";
import { type Admission, AdmissionError, type Leave, reportError } from "@capnweb/core/server";
import { decideAccess, type ReadHeader } from "./access.ts";
import { preflightHeaders } from "./cors.ts";
import { HttpBatchError } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { type MainSource, settledMain } from "./main-object.ts";
import { readText } from "./read-body.ts";
import { runBatch } from "./run-batch.ts";
import type { BatchSettings } from "./settings.ts";

/** Answers repeat what a client sent: no browser may take one for a page. */
const TEXT = { "Content-Type": "text/plain;charset=UTF-8", "X-Content-Type-Options": "nosniff" };

/** An HTTP request, whatever the server that took it. */
export interface BatchRequest {
  readonly method: string | undefined;
  readonly readHeader: ReadHeader;
  /** The client's address, if it is known. */
  address(): string | undefined;
  /**
   * Hands over the body's chunks, until the exchange is interrupted. Called at most once.
   *
   * @throws HttpBatchError if the exchange is interrupted, or the body isn't there any more
   */
  readBody(add: (chunk: Uint8Array) => void, exchange: Exchange): Promise<void> | void;
  /**
   * An exchange begins, which the server ends once the response has left or the client is gone. The
   * server interrupts it if the client goes away before that.
   */
  begin(exchange: Exchange): void;
}

/** The answer to a request. */
export interface BatchAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Answers an HTTP request that should be a batch. Never rejects. */
export async function answerBatch(
  request: BatchRequest,
  main: MainSource,
  settings: BatchSettings,
  admission?: Admission,
): Promise<BatchAnswer> {
  const { refusal, headers: access } = decideAccess(request.readHeader, settings.options);
  const headers = access ? { ...TEXT, ...access } : TEXT;
  if (refusal || request.method !== "POST") {
    main.discard();
    if (refusal) return { status: refusal.status, headers, body: refusal.message };
    return answerWithoutBatch(request.method, headers, settings);
  }
  let leave: Leave | undefined;
  let address: string | undefined;
  try {
    address = request.address();
    leave = admission?.enter(address);
  } catch (error) {
    main.discard();
    if (!(error instanceof AdmissionError)) return { ...failureAnswer(error, settings), headers };
    const { status, message } = error;
    return { status, headers: { ...headers, "Retry-After": "1" }, body: message };
  }
  const exchange = new Exchange(settings, leave, address);
  request.begin(exchange);
  try {
    return { status: 200, headers, body: await exchangeBodies(request, main, settings, exchange) };
  } catch (error) {
    return { ...failureAnswer(error, settings), headers };
  }
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
): Promise<string> {
  let body: string;
  try {
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
  return runBatch(body, await makeMain(main, settings, exchange), settings, exchange);
}

async function makeMain(
  main: MainSource,
  { options: { onError } }: BatchSettings,
  exchange: Exchange,
): Promise<unknown> {
  try {
    return await settledMain(main.make(), exchange, onError);
  } catch (error) {
    if (error === exchange.reason) throw error;
    reportError(error, onError);
    const message = "The server failed to make the batch's main object.";
    throw new HttpBatchError("NO_MAIN", message, { status: 500, cause: error });
  }
}

function failureAnswer(
  error: unknown,
  { options: { onError, onLimit } }: BatchSettings,
): Pick<BatchAnswer, "status" | "body"> {
  if (!(error instanceof HttpBatchError)) {
    // Not a failure of the client's, which isn't told of it.
    reportError(error, onError);
    return { status: 500, body: "The server failed to answer the batch." };
  }
  const { code, status = 400, message } = error;
  // A session tells of its own limits.
  if (code === "TOO_LARGE" || code === "TIMEOUT" || code === "OVERLOADED") {
    try {
      onLimit?.(new LimitError(message));
    } catch (failure) {
      reportError(failure, onError);
    }
  }
  return { status, body: message };
}
