import { answerBatch, type HttpBatchServerOptions } from "./answer.ts";
import { abandonment, HttpBatchError } from "./errors.ts";
import type { Chunks } from "./read-body.ts";

// Written out rather than imported from `node:http`: programs for browsers are compiled without its
// types.

/** A header's value, as Node takes it. */
export type NodeHeaderValue = number | string | readonly string[];

/** As much of Node's `http.IncomingMessage` as a batch needs. */
export interface NodeHttpRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly headers: { readonly origin?: string | undefined };
  readonly readableEnded: boolean;
}

/** As much of Node's `http.ServerResponse` as a batch needs. */
export interface NodeHttpResponse {
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  once(event: "close", listener: () => void): unknown;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers?: any): unknown;
  end(body: string): unknown;
}

/** Options of {@link nodeHttpBatchRpcResponse}. */
export interface NodeHttpBatchServerOptions extends HttpBatchServerOptions {
  /** Headers of every response, as `response.writeHead` takes them: by name, or as a flat list. */
  headers?:
    | Readonly<Record<string, NodeHeaderValue | undefined>>
    | readonly NodeHeaderValue[]
    | undefined;
}

/**
 * Answers a batch in a server made with `node:http`.
 *
 * @param localMain what the client gets as its main stub; the batch owns it, and disposes of it
 *   when it ends
 * @returns when the response was handed over, with the statuses of `newHttpBatchRpcResponse`. Never
 *   rejects because of what the client sent or because it went away
 *
 * @example
 * ```ts
 * http.createServer((request, response) => {
 *   nodeHttpBatchRpcResponse(request, response, new Api());
 * }).listen(8080);
 * ```
 */
export async function nodeHttpBatchRpcResponse(
  request: NodeHttpRequest,
  response: NodeHttpResponse,
  localMain: unknown,
  options: NodeHttpBatchServerOptions = {},
): Promise<void> {
  const { status, headers, body } = await answerBatch(
    {
      method: request.method,
      origin: request.headers.origin,
      body: () => bodyOf(request),
      abandoned: abandonment((gone) => {
        response.once("close", () => {
          if (!response.writableFinished) gone();
        });
      }),
    },
    localMain,
    options,
  );
  if (response.destroyed || response.headersSent) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A body that wasn't read to its end would be taken for the connection's next request.
  if (!request.readableEnded && request.method === "POST")
    response.setHeader("Connection", "close");
  response.writeHead(status, options.headers);
  response.end(body);
}

/** The body, or what a body parser that ran before made of it. */
function bodyOf(request: NodeHttpRequest & { body?: unknown }): Chunks {
  const { body } = request;
  if (typeof body === "string") return [new TextEncoder().encode(body)];
  if (body instanceof Uint8Array) return [body];
  if (request.readableEnded) {
    throw new HttpBatchError(
      "NOT_A_BATCH",
      "The request's body was read before, and request.body isn't its text.",
    );
  }
  return request;
}
