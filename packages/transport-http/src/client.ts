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

/** How much of a failed response's body its error shows, in characters. */
const EXCERPT_LENGTH = 200;

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
  const transport = new BatchClientTransport(urlOrRequest, options);
  return startSession<T>(transport, undefined, options);
}

class BatchClientTransport implements Transport {
  readonly announces = false;
  readonly #target: string | URL | Request;
  readonly #options: HttpBatchClientOptions;
  readonly #cancel = new AbortController();
  readonly #messages: string[] = [];
  #receiver!: TransportReceiver;

  constructor(target: string | URL | Request, options: HttpBatchClientOptions) {
    this.#target = target;
    this.#options = options;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(message: string): void {
    if (this.#messages.push(message) === 1) afterMicrotasks(() => void this.#run());
  }

  abort(reason: unknown): void {
    this.#cancel.abort(reason);
  }

  async #run(): Promise<void> {
    const stopFollowing = this.#followSignals();
    try {
      for (const message of splitLines(await this.#exchange())) this.#receiver.receive(message);
      this.#receiver.close(batchEnded());
    } catch (error) {
      this.#receiver.close(error);
    } finally {
      stopFollowing();
    }
  }

  /** Has the signals that the application gave cancel the request; gives what ends that. */
  #followSignals(): () => void {
    // A Request keeps its signal only as long as it isn't given another one.
    const { signal: own } = this.#target as { readonly signal?: AbortSignal };
    const signals = [this.#options.signal, own].filter((signal) => signal !== undefined);
    const forward = () => this.#cancel.abort(signals.find(({ aborted }) => aborted)?.reason);
    for (const signal of signals) {
      signal.addEventListener("abort", forward);
      if (signal.aborted) forward();
    }
    return () => {
      for (const signal of signals) signal.removeEventListener("abort", forward);
    };
  }

  /** Sends the request; gives the response's body. */
  async #exchange(): Promise<string> {
    const cancel = this.#cancel.signal;
    cancel.throwIfAborted();
    const response = await this.#fetch(joinLines(this.#messages), cancel);
    if (!response.ok) throw await statusError(response);
    return readResponse(response, this.#options.maxResponseSize);
  }

  #fetch(body: string, signal: AbortSignal): Promise<Response> {
    const { fetch, headers } = this.#options;
    const init = { method: "POST", body, signal };
    const target = this.#target;
    // Where nobody gets to see a Request, making one costs a fifth of a batch of one.
    if (!fetch && !(target instanceof Request)) {
      return globalThis.fetch(target, headers === undefined ? init : { ...init, headers });
    }
    const request = new Request(target, init);
    for (const [name, value] of new Headers(headers)) request.headers.set(name, value);
    return (fetch ?? globalThis.fetch)(request);
  }
}

function readResponse({ body }: Response, limit: number | undefined): Promise<string> {
  return readText("response", (add) => readStream(body, add), limit);
}

async function statusError(response: Response): Promise<HttpBatchError> {
  const { status, statusText } = response;
  let message = `RPC request failed: ${status} ${statusText}`;
  try {
    const detail = (await readResponse(response, 64 * 1024)).trim().slice(0, EXCERPT_LENGTH);
    if (detail !== "") message += `: ${detail}`;
  } catch {
    // The status says enough.
  }
  return new HttpBatchError("HTTP_STATUS", message, { status });
}
