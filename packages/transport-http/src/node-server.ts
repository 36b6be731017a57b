import type {
  IncomingMessage,
  OutgoingHttpHeader,
  OutgoingHttpHeaders,
  ServerResponse,
} from "node:http";
import { answerBatch, type HttpBatchServerOptions } from "./answer.ts";
import { abandonment, HttpBatchError } from "./errors.ts";
import type { Chunks } from "./read-body.ts";

/** Options of {@link nodeHttpBatchRpcResponse}. */
export interface NodeHttpBatchServerOptions extends HttpBatchServerOptions {
  /** Headers of every response, as `response.writeHead` takes them. */
  headers?: OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;
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
  request: IncomingMessage,
  response: ServerResponse,
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
function bodyOf(request: IncomingMessage & { body?: unknown }): Chunks {
  const { body } = request;
  if (typeof body === "string") return [new TextEncoder().encode(body)];
  if (body instanceof Uint8Array) return [body];
  if (request.readableEnded) {
    throw new HttpBatchError(
      "NOT_A_BATCH",
      "The request's body was read before. Keep body parsers away from this route, or have them " +
        "leave the text in request.body.",
    );
  }
  return request;
}
