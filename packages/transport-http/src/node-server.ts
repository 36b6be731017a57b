import { answerBatch, type HttpBatchServerOptions } from "./answer.ts";
import { HttpBatchError } from "./errors.ts";

// Written out rather than imported from `node:http`: programs for browsers are compiled without its
// types.

/** A header's value, as Node takes it. */
export type NodeHeaderValue = number | string | readonly string[];

/** As much of Node's `http.IncomingMessage` as a batch needs. */
export interface NodeHttpRequest {
  readonly method?: string | undefined;
  readonly headers: { readonly origin?: string | undefined };
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  on(event: "data" | "end" | "error" | "close", listener: (value: any) => void): this;
  pause(): unknown;
  resume(): unknown;
}

/** As much of Node's `http.ServerResponse` as a batch needs. */
export interface NodeHttpResponse {
  statusCode: number;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  once(event: "close", listener: () => void): unknown;
  setHeader(name: string, value: NodeHeaderValue): unknown;
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
  const { headers: own } = options;
  const { status, headers, body } = await answerBatch(
    {
      method: request.method,
      // Headers that nobody looks at needn't be made.
      origin: () => request.headers.origin,
      readBody: (add) => readBody(request, add),
      onGone(gone) {
        response.once("close", () => {
          if (!response.writableFinished) gone();
        });
      },
    },
    localMain,
    options,
  );
  if (response.destroyed || response.headersSent) return;
  // Only a head that nobody wrote before leaves with the body, and with its length.
  response.statusCode = status;
  const isList = Array.isArray(own);
  for (const [name, value] of Object.entries(isList ? headers : { ...headers, ...own })) {
    if (value !== undefined) response.setHeader(name, value);
  }
  // A body that wasn't read to its end would be taken for the connection's next request.
  if (!request.readableEnded && request.method === "POST")
    response.setHeader("Connection", "close");
  if (isList) response.writeHead(status, own);
  response.end(body);
}

/** Hands over the body, or what a body parser that ran before made of it. */
function readBody(
  request: NodeHttpRequest & { body?: unknown },
  add: (chunk: Uint8Array) => void,
): Promise<void> | void {
  const { body } = request;
  if (typeof body === "string") return add(new TextEncoder().encode(body));
  if (body instanceof Uint8Array) return add(body);
  if (request.readableEnded) {
    throw new HttpBatchError(
      "NOT_A_BATCH",
      "The request's body was read before, and request.body isn't text.",
    );
  }
  // Events: iterating takes as long as everything else that is done with a small batch.
  return new Promise((resolve, reject) => {
    request
      .on("data", (chunk: Uint8Array) => {
        try {
          add(chunk);
        } catch (error) {
          request.pause();
          reject(error);
        }
      })
      .on("end", resolve)
      .on("error", reject)
      // Where that comes first, or has come already, the client is gone, and nobody is told why.
      .on("close", reject)
      // Who had it wait until now may have paused it.
      .resume();
    if (request.destroyed) reject();
  });
}
