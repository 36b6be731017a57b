import { HttpBatchError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { NodeHttpRequest } from "./node-types.ts";

/**
 * Hands over the body of a request of `node:http`, or the text or bytes that an earlier body parser
 * left in `request.body`.
 *
 * @throws HttpBatchError if there is no body to read, the client goes away, or the exchange is
 *   interrupted
 */
export function readNodeBody(
  request: NodeHttpRequest & { body?: unknown },
  add: (chunk: Uint8Array) => void,
  exchange: Exchange,
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
  // Listens to events, because iterating takes as long as all other work on a small batch.
  return new Promise((resolve, reject) => {
    let isOver = false;
    const fail = (error: unknown) => {
      isOver = true;
      request.pause();
      reject(error);
    };
    const gone = (cause?: unknown) => {
      if (!isOver) fail(new HttpBatchError("DISCONNECTED", "The client went away.", { cause }));
    };
    exchange.onInterrupt(fail);
    request
      .on("data", (chunk: Uint8Array) => {
        // A server reads on after the answer, to get to the next request.
        if (isOver) return;
        try {
          add(chunk);
        } catch (error) {
          fail(error);
        }
      })
      .on("end", () => {
        isOver = true;
        resolve();
      })
      .on("error", gone)
      .on("close", gone)
      // A caller that delayed the request until now may have paused it.
      .resume();
    if (request.destroyed) gone();
  });
}
