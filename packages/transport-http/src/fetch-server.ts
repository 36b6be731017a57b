import type { AdmissionOptions } from "@capnweb/core/server";
import { answerBatch, type BatchServer, newBatchServer } from "./answer.ts";
import { HttpBatchError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { givenMain, type MainSource, madeMain } from "./main-object.ts";
import { readStream } from "./read-body.ts";
import { type BatchSettings, type HttpBatchServerOptions, settingsOf } from "./settings.ts";

/**
 * Answers a batch in a runtime whose servers speak `Request` and `Response`: workerd, Deno, Bun,
 * and the frameworks that took them up. A server that should bound its concurrent batches uses
 * {@link newHttpBatchRpcHandler}.
 *
 * @param localMain the client's main stub, or a promise of it; the batch owns it, and disposes of
 *   it when it ends or is refused
 * @returns the response; the package's README lists the statuses. Never rejects because of the
 *   client's request, nor because a promise of `localMain` rejects: `onError` receives that
 *   error
 * @throws TypeError for `limits` that aren't any
 *
 * @example
 * ```ts
 * Deno.serve((request) => newHttpBatchRpcResponse(request, new Api()));
 * ```
 */
export async function newHttpBatchRpcResponse(
  request: Request,
  localMain: unknown,
  options: HttpBatchServerOptions = {},
): Promise<Response> {
  return respond(request, givenMain(localMain, options.onError), settingsOf(options));
}

/** Options of {@link newHttpBatchRpcHandler}. */
export interface HttpBatchHandlerOptions<Context extends unknown[] = unknown[]>
  extends HttpBatchServerOptions,
    AdmissionOptions {
  /**
   * The client's address, by which `maxSessionsPerAddress` counts. A `Request` has none: it is in
   * the handler's further arguments, or in a header that a proxy sets. Default: none, and only
   * `maxSessions` counts.
   */
  address?: ((request: Request, ...context: Context) => string | undefined) | undefined;
}

/**
 * Makes a handler of requests, which answers as {@link newHttpBatchRpcResponse} does. It counts its
 * batches, and answers 503 to those over `maxSessions`. The main object is made only for a request
 * that has been read and isn't refused.
 *
 * @param createMain makes the main object of a batch, or a promise of it, from the handler's
 *   arguments. The batch owns it. If it throws or rejects, `onError` receives the error, and the
 *   answer is 500
 * @throws TypeError for `limits` that aren't any
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
  options: HttpBatchHandlerOptions<Context> = {},
): (request: Request, ...context: Context) => Promise<Response> {
  const settings = settingsOf(options);
  const server = newBatchServer(options);
  return (request, ...context) => {
    const main = madeMain(() => createMain(request, ...context));
    return respond(request, main, settings, server, () => options.address?.(request, ...context));
  };
}

async function respond(
  request: Request,
  main: MainSource,
  settings: BatchSettings,
  server?: BatchServer,
  address: () => string | undefined = () => undefined,
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
        address,
        readBody(add, begun) {
          return readStream(request.body, add, (stop) => begun.onInterrupt(stop));
        },
        begin(begun) {
          exchange = begun;
          // Not every runtime has a signal.
          request.signal?.addEventListener("abort", onAbort, { once: true });
          if (request.signal?.aborted) onAbort();
        },
      },
      main,
      settings,
      server,
    );
    return new Response(status === 204 ? null : body, { status, headers });
  } finally {
    request.signal?.removeEventListener("abort", onAbort);
    exchange?.end();
  }
}
