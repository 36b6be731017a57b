import { isSessionHost, pathAndQuery, type SessionHost } from "@capnweb/core/server";
import { answerBatch } from "./answer.ts";
import { receptionOf } from "./batch-reception.ts";
import { HttpBatchError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { HostedBatchOptions, HttpBatchHandlerOptions } from "./handler-options.ts";
import { givenMain, type MainSource } from "./main-object.ts";
import { readStream } from "./read-body.ts";
import {
  type BatchSettings,
  type HttpBatchServerOptions,
  NO_OPTIONS,
  settingsOf,
} from "./settings.ts";

/**
 * Answers a batch in a runtime whose servers speak `Request` and `Response`: workerd, Deno, Bun,
 * and many frameworks. If the server should bound its concurrent batches, use
 * {@link newHttpBatchRpcHandler}.
 *
 * @param localMain the client's main object, or a promise of it. The batch owns it, and disposes
 *   of it when it ends or is refused
 * @returns the response; the package's README lists the statuses. Never rejects because of the
 *   client's request, nor because a promise of `localMain` rejects: `onError` receives that error
 * @throws TypeError for invalid `limits`
 *
 * @example
 * ```ts
 * Deno.serve((request) => newHttpBatchRpcResponse(request, new Api()));
 * ```
 */
export async function newHttpBatchRpcResponse(
  request: Request,
  localMain: unknown,
  options: HttpBatchServerOptions = NO_OPTIONS,
): Promise<Response> {
  return respond(request, givenMain(localMain, options.onError), settingsOf(options));
}

/**
 * Makes a handler of requests that answers as {@link newHttpBatchRpcResponse} does. It counts its
 * batches, and answers 503 to those over `maxSessions`. It makes the main object only for a request
 * that it has read and doesn't refuse.
 *
 * @param createMain makes the main object of a batch, or a promise of it, from the handler's
 *   arguments. The batch owns it. If it throws or rejects, `onError` receives the error, and the
 *   answer is 500
 * @returns the handler, whose promise never rejects
 * @throws TypeError for invalid `limits`
 *
 * @example
 * ```ts
 * Deno.serve(
 *   newHttpBatchRpcHandler((request, info: Deno.ServeHandlerInfo) => new Api(request.headers), {
 *     address: (_request, info) => info.remoteAddr.hostname,
 *   }),
 * );
 * ```
 */
export function newHttpBatchRpcHandler<Context extends unknown[] = []>(
  createMain: (request: Request, ...context: Context) => unknown,
  options?: HttpBatchHandlerOptions<Context>,
): (request: Request, ...context: Context) => Promise<Response>;
/** With a host, such as `RpcHost` of `@capnweb/host`, which decides and makes the main objects. */
export function newHttpBatchRpcHandler<Context extends unknown[] = []>(
  host: SessionHost,
  options?: HostedBatchOptions<Context>,
): (request: Request, ...context: Context) => Promise<Response>;
export function newHttpBatchRpcHandler<Context extends unknown[] = []>(
  createMain: SessionHost | ((request: Request, ...context: Context) => unknown),
  options: HttpBatchHandlerOptions<Context> = {},
): (request: Request, ...context: Context) => Promise<Response> {
  const { address, authorize } = options;
  const isHosted = isSessionHost(createMain);
  const host = isHosted
    ? createMain
    : receptionOf<[Request, ...Context]>((source) => createMain(...source), {
        ...options,
        authorize: authorize && ((source) => authorize(...source)),
      });
  const settings = settingsOf({ ...host.options, ...options });
  return (request, ...context) => {
    const source = isHosted ? request : [request, ...context];
    return respond(request, host, settings, () => address?.(request, ...context), source);
  };
}

async function respond(
  request: Request,
  decider: MainSource | SessionHost,
  settings: BatchSettings,
  address: () => string | undefined = () => undefined,
  source: unknown = request,
): Promise<Response> {
  let exchange: Exchange | undefined;
  const onAbort = () => {
    exchange?.interrupt(new HttpBatchError("DISCONNECTED", "The client went away."));
  };
  try {
    const { status, headers, body } = await answerBatch(
      {
        method: request.method,
        readHeader: (name) => request.headers.get(name),
        url: pathAndQuery(request.url),
        source,
        headers: request.headers,
        address,
        readBody(add, begun) {
          return readStream(request.body, add, (stop) => begun.onInterrupt(stop));
        },
        begin(begun) {
          exchange = begun;
          // Some runtimes give a Request no signal.
          request.signal?.addEventListener("abort", onAbort, { once: true });
          if (request.signal?.aborted) onAbort();
        },
      },
      decider,
      settings,
    );
    return new Response(status === 204 ? null : body, { status, headers });
  } finally {
    request.signal?.removeEventListener("abort", onAbort);
    exchange?.end();
  }
}
