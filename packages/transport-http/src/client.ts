import {
  type CarriedHeaders,
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
  type Transport,
  type TransportReceiver,
} from "@capnweb/core";
import { joinLines } from "@capnweb/wire";
import { afterMicrotasks } from "./after-microtasks.ts";
import { isAnnounced } from "./announcement.ts";
import { batchEnded, HttpBatchError } from "./errors.ts";
import { MessageFeed } from "./message-feed.ts";
import { readStream, readText } from "./read-body.ts";
import { networkError, notABatch, statusError } from "./request-errors.ts";
import { type BatchRequestInit, NO_SETTINGS, requestInit } from "./request-init.ts";

/** Options of {@link newHttpBatchRpcSession}. */
export interface HttpBatchClientOptions extends RpcSessionOptions, BatchRequestInit {
  /** The function that makes the request. Default: the global `fetch`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /**
   * Cancels the request, as a `Request`'s own signal does. Every call of the batch then fails with
   * the signal's reason.
   */
  signal?: AbortSignal | undefined;
  /** Largest response accepted, in bytes. A larger one fails the batch. Default: 32 MiB. */
  maxResponseSize?: number | undefined;
}

const DEFAULT_MAX_RESPONSE_SIZE = 32 * 1024 * 1024;
/** Bytes read from the body of an error response. */
const MAX_DETAIL_SIZE = 64 * 1024;

/**
 * Starts a session that lasts one HTTP request. Calls made until the current turn of the event loop
 * ends are sent together, and their results arrive together.
 *
 * @param urlOrRequest the server's URL; of a `Request`, everything but method and body is used
 * @param options the session's and the request's options
 * @returns the stub of the server's main object. A batch is used once: after the response has
 *   arrived, this stub and every stub received through it fail with an {@link HttpBatchError}
 *
 * @example
 * ```ts
 * const api = newHttpBatchRpcSession<Api>("https://example.com/api", { credentials: "include" });
 * const user = api.authenticate(token);
 * const [name, posts] = await Promise.all([user.name, user.posts()]);
 * ```
 */
export function newHttpBatchRpcSession<T extends RpcCompatible<T> = undefined>(
  urlOrRequest: string | URL | Request,
  options: HttpBatchClientOptions = NO_SETTINGS,
): RpcStub<T> {
  return startSession<T>(batchTransport(urlOrRequest, options), undefined, options);
}

/** Carries one exchange: the messages of a turn, and those of the response. */
function batchTransport(
  target: string | URL | Request,
  options: HttpBatchClientOptions,
): Transport {
  const messages: string[] = [];
  const controller = new AbortController();
  const feed = new MessageFeed();
  let receiver: TransportReceiver;
  let peerAnnounced = false;
  let context: CarriedHeaders | undefined;

  const run = async () => {
    // A Request keeps its signal only as long as it isn't given another.
    const signals = [options.signal, (target as Partial<Request>).signal];
    const cancel = () => controller.abort(signals.find((each) => each?.aborted)?.reason);
    for (const each of signals) {
      each?.addEventListener("abort", cancel);
      if (each?.aborted) cancel();
    }
    try {
      controller.signal.throwIfAborted();
      const { text, type } = await exchange(
        target,
        options,
        joinLines(messages),
        controller.signal,
        options.announce === false ? undefined : context,
      );
      peerAnnounced = options.announce !== false && isAnnounced(type);
      feed.start(text, receiver, () => receiver.close(batchEnded));
    } catch (error) {
      receiver.close(error);
    } finally {
      for (const each of signals) each?.removeEventListener("abort", cancel);
    }
  };

  return {
    announces: false,
    get peerAnnounced() {
      return peerAnnounced;
    },
    start(to) {
      receiver = to;
    },
    send(message: string) {
      if (messages.push(message) === 1) afterMicrotasks(run);
    },
    carry(carried) {
      context = carried;
    },
    unneeded() {
      feed.stop();
      controller.abort();
      receiver.close(batchEnded);
    },
    pause: () => feed.pause(),
    resume: () => feed.resume(),
    abort(reason) {
      feed.stop();
      controller.abort(reason);
    },
  };
}

/** Sends the request, and returns the response's body and content type. */
async function exchange(
  target: string | URL | Request,
  options: HttpBatchClientOptions,
  body: string,
  signal: AbortSignal,
  context: CarriedHeaders | undefined,
): Promise<{ text: string; type: string | null }> {
  const { fetch, maxResponseSize = DEFAULT_MAX_RESPONSE_SIZE } = options;
  const url = typeof target === "string" ? target : ((target as Request).url ?? String(target));
  try {
    const init = requestInit(target, options, body, signal, context);
    // Making a Request takes time, so the global fetch, which needs none, doesn't get one.
    const response = await (fetch
      ? fetch(new Request(target, init))
      : globalThis.fetch(target, init));
    if (!response.ok) {
      // If the body can't be read, the status alone has to do.
      const detail = await readResponse(response, MAX_DETAIL_SIZE).catch(() => "");
      throw statusError(url, response, detail);
    }
    const text = await readResponse(response, maxResponseSize);
    const failure = notABatch(url, response, text);
    if (failure) throw failure;
    return { text, type: response.headers.get("Content-Type") };
  } catch (error) {
    if (signal.aborted || error instanceof HttpBatchError) throw error;
    throw networkError(url, error);
  }
}

function readResponse({ body }: Response, limit: number): Promise<string> {
  return readText("response", limit, (add) => readStream(body, add));
}
