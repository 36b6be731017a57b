import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { joinLines, splitLines } from "@capnweb/wire";
import { afterMicrotasks } from "./after-microtasks.ts";
import { batchEnded, HttpBatchError } from "./errors.ts";
import { readStream, readText } from "./read-body.ts";

/** Options of a batch's client. */
export interface HttpBatchClientOptions extends RpcSessionOptions {
  /** Sent with the request, besides those of a `Request` that was given. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /** What makes the request. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /**
   * Cancels the request, as a `Request`'s own signal does; every call of the batch then fails with the
   * signal's reason.
   */
  signal?: AbortSignal | undefined;
  /** Largest response accepted, in bytes. Default: 32 MiB. */
  maxResponseSize?: number | undefined;
}

/**
 * Starts a session that lasts one HTTP request: the calls made until the current turn of the event
 * loop is over are sent together, and their results arrive together.
 *
 * @param urlOrRequest where to send it; of a `Request`, everything but method and body is used
 * @returns the stub of the server's main object. When the response has arrived, it and every stub
 *   received through it is broken: "Batch RPC request ended."
 *
 * @example
 * ```ts
 * const api = newHttpBatchRpcSession<Api>("https://example.com/api");
 * const user = api.authenticate(token);
 * const [name, posts] = await Promise.all([user.name, user.posts()]);
 * ```
 */
export function newHttpBatchRpcSession<T extends RpcCompatible<T> = undefined>(
  urlOrRequest: string | URL | Request,
  options: HttpBatchClientOptions = {},
): RpcStub<T> {
  return startSession<T>(batchTransport(urlOrRequest, options), undefined, options);
}

/** Carries one exchange: what is sent in a turn, and what is received for it. */
function batchTransport(
  target: string | URL | Request,
  { headers, fetch, signal, maxResponseSize }: HttpBatchClientOptions,
): Transport {
  const messages: string[] = [];
  const controller = new AbortController();
  let receiver: TransportReceiver;

  const run = async () => {
    // A Request keeps its signal only as long as it isn't given another one.
    const signals = [signal, (target as Partial<Request>).signal];
    const cancel = () => controller.abort(signals.find((each) => each?.aborted)?.reason);
    for (const each of signals) {
      each?.addEventListener("abort", cancel);
      if (each?.aborted) cancel();
    }
    try {
      controller.signal.throwIfAborted();
      for (const message of splitLines(await exchange())) receiver.receive(message);
      receiver.close(batchEnded);
    } catch (error) {
      receiver.close(error);
    } finally {
      for (const each of signals) each?.removeEventListener("abort", cancel);
    }
  };

  /** Sends the request; gives the response's body. */
  const exchange = async () => {
    // Where there is nothing to join, neither a Request nor Headers are made: they take a while.
    let all = headers;
    if (target instanceof Request) {
      all = new Headers(target.headers);
      for (const [name, value] of new Headers(headers)) all.set(name, value);
    }
    const init = {
      method: "POST",
      body: joinLines(messages),
      signal: controller.signal,
      ...(all && { headers: all }),
    };
    const response = await (fetch
      ? fetch(new Request(target, init))
      : globalThis.fetch(target, init));
    if (!response.ok) throw await statusError(response);
    return readResponse(response, maxResponseSize);
  };

  return {
    announces: false,
    start(to) {
      receiver = to;
    },
    send(message: string) {
      if (messages.push(message) === 1) afterMicrotasks(run);
    },
    abort(reason) {
      controller.abort(reason);
    },
  };
}

function readResponse({ body }: Response, limit: number | undefined): Promise<string> {
  return readText("response", (add) => readStream(body, add), limit);
}

async function statusError(response: Response): Promise<HttpBatchError> {
  const { status, statusText } = response;
  // Without it, the status says enough.
  const detail = await readResponse(response, 64 * 1024).catch(() => "");
  const excerpt = detail.trim().slice(0, 200);
  return new HttpBatchError(
    "HTTP_STATUS",
    `RPC request failed: ${status} ${statusText}${excerpt && `: ${excerpt}`}`,
    { status },
  );
}
