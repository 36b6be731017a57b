import { type AdmissionOptions, reportError } from "@capnweb/core/server";
import { answerBatch, type BatchServer, newBatchServer } from "./answer.ts";
import { givenMain, type MainSource, madeMain } from "./main-object.ts";
import { NodeExchange } from "./node-exchange.ts";
import type { NodeHeaderValue, NodeHttpRequest, NodeHttpResponse } from "./node-types.ts";
import { readNodeBody } from "./read-node-body.ts";
import { type BatchSettings, type HttpBatchServerOptions, settingsOf } from "./settings.ts";

/** Options of {@link nodeHttpBatchRpcResponse}. */
export interface NodeHttpBatchServerOptions extends HttpBatchServerOptions {
  /** Headers of every response, as `response.writeHead` takes them: by name, or as a flat list. */
  headers?:
    | Readonly<Record<string, NodeHeaderValue | undefined>>
    | readonly NodeHeaderValue[]
    | undefined;
}

/**
 * Answers a batch in a server made with `node:http`. If the server should bound its concurrent
 * batches, use {@link newNodeHttpBatchRpcHandler}.
 *
 * @param localMain the client's main object, or a promise of it. The batch owns it, and disposes
 *   of it when it ends or is refused
 * @returns a promise that resolves once the response was handed over; the package's README lists
 *   the statuses. It never rejects because of the client's request, nor because a promise of
 *   `localMain` rejects: `onError` receives that error
 * @throws TypeError for invalid `limits`; the error of `response` for `headers` that it doesn't
 *   take
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
  const main = givenMain(localMain, options.onError);
  await respond(request, response, main, settingsOf(options), options);
}

/** Options of {@link newNodeHttpBatchRpcHandler}. */
export interface NodeHttpBatchHandlerOptions<R extends NodeHttpRequest = NodeHttpRequest>
  extends NodeHttpBatchServerOptions,
    AdmissionOptions {
  /**
   * Returns the client's address, by which `maxSessionsPerAddress` counts. Set it behind a proxy,
   * which would otherwise be the only client. Default: the socket's remote address.
   */
  address?: ((request: R) => string | undefined) | undefined;
}

/**
 * Makes a listener for the requests of a server made with `node:http`. It answers as
 * {@link nodeHttpBatchRpcResponse} does, counts its batches, and answers 503 to those over
 * `maxSessions` or `maxSessionsPerAddress`. It makes the main object only for a request that it has
 * read and doesn't refuse.
 *
 * @param createMain makes the main object of a batch, or a promise of it. The batch owns it. If
 *   it throws or rejects, `onError` receives the error, and the answer is 500
 * @returns the listener, whose promise resolves once the response was handed over. It never
 *   rejects
 * @throws TypeError for invalid `limits`
 *
 * @example
 * ```ts
 * const listener = newNodeHttpBatchRpcHandler(() => new Api(), { maxSessions: 500 });
 * http.createServer(listener).listen(8080);
 * ```
 */
export function newNodeHttpBatchRpcHandler<R extends NodeHttpRequest = NodeHttpRequest>(
  createMain: (request: R) => unknown,
  options: NodeHttpBatchHandlerOptions<R> = {},
): (request: R, response: NodeHttpResponse) => Promise<void> {
  const settings = settingsOf(options);
  const server = newBatchServer(options);
  const { address = ({ socket }) => socket?.remoteAddress } = options;
  return async (request, response) => {
    const main = madeMain(() => createMain(request));
    try {
      await respond(request, response, main, settings, options, server, () => address(request));
    } catch (error) {
      reportError(error, options.onError);
      response.destroy?.();
    }
  };
}

async function respond(
  request: NodeHttpRequest,
  response: NodeHttpResponse,
  main: MainSource,
  settings: BatchSettings,
  { headers: own }: NodeHttpBatchServerOptions,
  server?: BatchServer,
  address: () => string | undefined = () => request.socket?.remoteAddress,
): Promise<void> {
  let open: NodeExchange | undefined;
  const { status, headers, body } = await answerBatch(
    {
      method: request.method,
      readHeader(name) {
        // HTTP/2 sends the host under another name (RFC 9113, 8.3.1).
        const value = request.headers[name] ?? (name === "host" && request.headers[":authority"]);
        return value ? String(value) : undefined;
      },
      address,
      readBody: (add, exchange) => readNodeBody(request, add, exchange),
      begin(exchange) {
        open = new NodeExchange(exchange, request, response);
      },
    },
    main,
    settings,
    server,
  );
  if (response.destroyed || response.headersSent) {
    open?.end();
    return;
  }
  try {
    writeHead(response, status, headers, own);
    // Doesn't wait for the unread rest of a body: the connection closes after the answer.
    if (!request.readableEnded && hasBody(request) && request.httpVersionMajor !== 2) {
      response.setHeader("Connection", "close");
    }
    // Headers of `setHeader` leave in one write with the body and its length. A flat list can't be
    // set that way.
    if (Array.isArray(own)) response.writeHead(status, own);
    open?.respond();
    response.end(body);
  } catch (error) {
    open?.end();
    throw error;
  }
}

function writeHead(
  response: NodeHttpResponse,
  status: number,
  headers: Record<string, string>,
  own: NodeHttpBatchServerOptions["headers"],
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(
    Array.isArray(own) ? headers : { ...headers, ...own },
  )) {
    if (value !== undefined) response.setHeader(name, value);
  }
}

function hasBody({ method, headers }: NodeHttpRequest): boolean {
  return method === "POST" || "content-length" in headers || "transfer-encoding" in headers;
}
