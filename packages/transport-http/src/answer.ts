import { type RpcSessionOptions, RpcStub, type RpcTarget } from "@capnweb/core";
import { type CorsOptions, corsHeaders, preflightHeaders } from "./cors.ts";
import { type HttpBatchError, messageOf } from "./errors.ts";
import { readText } from "./read-body.ts";
import { runBatch } from "./run-batch.ts";

/** Options of a batch's server. */
export interface HttpBatchServerOptions extends RpcSessionOptions {
  /** Largest request accepted, in bytes; a larger one is answered with 413. Default: 32 MiB. */
  maxRequestSize?: number | undefined;
  /** Lets pages of other origins send batches. Default: none. */
  cors?: CorsOptions | undefined;
}

/** Answers repeat what a client sent: no browser may take one for a page. */
const TEXT = { "Content-Type": "text/plain;charset=UTF-8", "X-Content-Type-Options": "nosniff" };

/** An HTTP request, whatever the server that took it. */
export interface BatchRequest {
  readonly method: string | undefined;
  origin(): string | null | undefined;
  /** Hands over the body's chunks. Called at most once. */
  readBody(add: (chunk: Uint8Array) => void): Promise<void> | void;
  /** Has `gone` called when the client goes away, and maybe when all is done. */
  onGone(gone: () => void): void;
}

/** What a request is answered with. */
export interface BatchAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Answers an HTTP request that should be a batch. Never rejects. */
export async function answerBatch(
  request: BatchRequest,
  main: unknown,
  options: HttpBatchServerOptions,
): Promise<BatchAnswer> {
  const { cors } = options;
  const headers = cors ? { ...TEXT, ...corsHeaders(cors, request.origin()) } : TEXT;
  // Nobody gets to use it, and it goes as it would with a batch.
  if (request.method !== "POST") new RpcStub(main as RpcTarget)[Symbol.dispose]();
  if (cors && request.method === "OPTIONS") {
    return { status: 204, headers: { ...headers, ...preflightHeaders(cors) }, body: "" };
  }
  if (request.method !== "POST") {
    const body = "This endpoint only accepts POST requests.";
    return { status: 405, headers: { ...headers, Allow: "POST" }, body };
  }
  try {
    const readBody = () => readText("request", request.readBody, options.maxRequestSize);
    return { status: 200, headers, body: await runBatch(main, options, readBody, request.onGone) };
  } catch (error) {
    const isTooLarge = (error as HttpBatchError | undefined)?.code === "TOO_LARGE";
    return { status: isTooLarge ? 413 : 400, headers, body: messageOf(error) };
  }
}
