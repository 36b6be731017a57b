import { type AdmissionOptions, Reception } from "@capnweb/core/server";
import type { HttpBatchServerOptions } from "./settings.ts";

/** Options of a server that counts its batches. */
export interface ReceivingOptions<R> extends HttpBatchServerOptions, AdmissionOptions {
  readonly authorize?: ((request: R) => unknown) | undefined;
  readonly authorizeTimeout?: number | undefined;
}

/**
 * The host of a server's own batches.
 *
 * @typeParam R the server's requests
 */
export function receptionOf<R>(
  createMain: (request: R) => unknown,
  options: ReceivingOptions<R>,
): Reception {
  const { authorize } = options;
  return new Reception(({ request: { source } }) => createMain(source as R), {
    ...options,
    authorize: authorize && (({ source }) => authorize(source as R)),
  });
}
