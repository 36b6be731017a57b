import type { AdmissionOptions } from "@capnweb/core/server";
import { answerBatch, type BatchServer, newBatchServer } from "./answer.ts";
import { HttpBatchError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { givenMain, type MainSource, madeMain } from "./main-object.ts";
import { readStream } from "./read-body.ts";
import { type BatchSettings, type HttpBatchServerOptions, settingsOf } from "./settings.ts";

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
  options: HttpBatchServerOptions = {},
): Promise<Response> {
  return respond(request, givenMain(localMain, options.onError), settingsOf(options));
}

/** Options of {@link newHttpBatchRpcHandler}. */
export interface HttpBatchHandlerOptions<Context extends unknown[] = unknown[]>
  extends HttpBatchServerOptions,
    AdmissionOptions {
  /**
   * Returns the client's address, by which `maxSessionsPerAddress` counts. A `Request` has none:
   * read it from the handler's further arguments, or from a header that a proxy sets. Default:
   * none, so that only `maxSessions` counts.
   */
  address?: ((request: Request, ...context: Context) => string | undefined) | undefined;
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
          // Some runtimes give a Request no signal.
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
