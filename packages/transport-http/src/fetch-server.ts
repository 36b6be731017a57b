import { answerBatch, type HttpBatchServerOptions } from "./answer.ts";
import { readStream } from "./read-body.ts";

/**
 * Answers a batch in a runtime whose servers speak `Request` and `Response`: workerd, Deno, Bun, and
 * the frameworks that took them up.
 *
 * @param localMain what the client gets as its main stub; the batch owns it, and disposes of it
 *   when it ends
 * @returns the response: 405 for anything but POST, 413 for a body over the size limit, 400 with the
 *   reason for a body that is no batch. Never rejects because of what the client sent
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
  const { status, headers, body } = await answerBatch(
    {
      method: request.method,
      origin: () => request.headers.get("Origin"),
      readBody: (add) => readStream(request.body, add),
      onGone(gone) {
        // Not every runtime has one.
        request.signal?.addEventListener("abort", gone, { once: true });
      },
    },
    localMain,
    options,
  );
  return new Response(status === 204 ? null : body, { status, headers });
}
