import {
  isSessionHost,
  type RequestHeaders,
  reportError,
  type SessionHost,
} from "@capnweb/core/server";
import { answerBatch } from "./answer.ts";
import { receptionOf } from "./batch-reception.ts";
import type {
  HostedNodeBatchOptions,
  NodeHttpBatchHandlerOptions,
  NodeHttpBatchServerOptions,
} from "./handler-options.ts";
import { givenMain, type MainSource } from "./main-object.ts";
import { NodeExchange } from "./node-exchange.ts";
import type { NodeHeaderValue, NodeHttpRequest, NodeHttpResponse } from "./node-types.ts";
import { readNodeBody } from "./read-node-body.ts";
import { type BatchSettings, NO_OPTIONS, settingsOf } from "./settings.ts";

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
  options: NodeHttpBatchServerOptions = NO_OPTIONS,
): Promise<void> {
  const main = givenMain(localMain, options.onError);
  await respond(request, response, main, settingsOf(options), options);
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
  options?: NodeHttpBatchHandlerOptions<R>,
): (request: R, response: NodeHttpResponse) => Promise<void>;
/** With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects. */
export function newNodeHttpBatchRpcHandler<R extends NodeHttpRequest = NodeHttpRequest>(
  host: SessionHost,
  options?: HostedNodeBatchOptions<R>,
): (request: R, response: NodeHttpResponse) => Promise<void>;
export function newNodeHttpBatchRpcHandler<R extends NodeHttpRequest = NodeHttpRequest>(
  createMain: SessionHost | ((request: R) => unknown),
  options: NodeHttpBatchHandlerOptions<R> = {},
): (request: R, response: NodeHttpResponse) => Promise<void> {
  const host = isSessionHost(createMain) ? createMain : receptionOf<R>(createMain, options);
  const settings = settingsOf({ ...host.options, ...options });
  const { address = ({ socket }) => socket?.remoteAddress } = options;
  return async (request, response) => {
    try {
      await respond(request, response, host, settings, options, () => address(request));
    } catch (error) {
      reportError(error, host.options.onError);
      response.destroy?.();
    }
  };
}

async function respond(
  request: NodeHttpRequest,
  response: NodeHttpResponse,
  decider: MainSource | SessionHost,
  settings: BatchSettings,
  { headers: own }: Pick<NodeHttpBatchServerOptions, "headers">,
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
      url: request.url ?? "/",
      source: request,
      headers: headersOf(request),
      address,
      readBody: (add, exchange) => readNodeBody(request, add, exchange),
      begin(exchange) {
        open = new NodeExchange(exchange, request, response);
      },
    },
    decider,
    settings,
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
  const all = own && !Array.isArray(own) ? { ...headers, ...own } : headers;
  for (const name of Object.keys(all)) {
    const value = (all as Record<string, NodeHeaderValue | undefined>)[name];
    if (value !== undefined) response.setHeader(name, value);
  }
}

function headersOf({ headers }: NodeHttpRequest): RequestHeaders {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

function hasBody({ method, headers }: NodeHttpRequest): boolean {
  return method === "POST" || "content-length" in headers || "transfer-encoding" in headers;
}
