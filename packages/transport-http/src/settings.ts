import { type RpcSessionOptions, resolveLimits } from "@capnweb/core";
import type { AccessOptions, HeldBytesLimits } from "@capnweb/core/server";
import type { CorsOptions } from "./cors.ts";

/** Options of the exchange of a batch. Sizes are in bytes, times in milliseconds. */
export interface HttpExchangeOptions {
  /**
   * The largest request; a larger one is answered with 413. Each message in it also obeys
   * `limits.maxMessageSize`. Default: three times `limits.maxMessageSize`, 12 MiB: enough for the
   * largest message in any script, because a UTF-16 code unit takes at most 3 bytes of UTF-8.
   */
  maxRequestSize?: number | undefined;
  /**
   * The largest response. A batch that exceeds it ends at once, and is answered with 507. Default:
   * 32 MiB.
   */
  maxResponseSize?: number | undefined;
  /**
   * The time from the request's head until its response has been sent. A late request is answered
   * with 408, and a batch whose calls don't end with 504. A client of `node:http` that doesn't read
   * its response is disconnected. `Infinity` means no limit. Default: 60,000.
   */
  batchTimeout?: number | undefined;
  /**
   * Lets pages of other origins read the answers to their batches. Such an origin needn't be listed
   * in `origins` as well. Default: none.
   */
  cors?: CorsOptions | undefined;
}

/** Options of a batch's server. */
export interface HttpBatchServerOptions
  extends HttpExchangeOptions,
    RpcSessionOptions,
    AccessOptions {}

/** A server's options, with the defaults filled in. */
export interface BatchSettings {
  readonly options: HttpBatchServerOptions;
  readonly session: RpcSessionOptions;
  /** The limits of the bytes that a batch holds besides those of its session. */
  readonly heldLimits: HeldBytesLimits;
  readonly maxRequestSize: number;
  readonly maxResponseSize: number;
  readonly batchTimeout: number;
}

/** The most bytes that a UTF-16 code unit takes in UTF-8. */
export const MOST_BYTES = 3;
const DEFAULT_MAX_RESPONSE_SIZE = 32 * 1024 * 1024;
const DEFAULT_BATCH_TIMEOUT = 60_000;

/** The options of a server that has none. */
export const NO_OPTIONS: HttpBatchServerOptions = Object.freeze({});
let defaults: BatchSettings | undefined;

/** @throws TypeError for invalid `limits` */
export function settingsOf(options: HttpBatchServerOptions): BatchSettings {
  if (options !== NO_OPTIONS) return makeSettings(options);
  // Such a server asks for them with each batch.
  defaults ??= makeSettings(options);
  return defaults;
}

function makeSettings(options: HttpBatchServerOptions): BatchSettings {
  const limits = resolveLimits(options.limits, "server");
  const { maxMessageSize, maxFrameSize, maxProcessHeldBytes } = limits;
  return {
    options,
    session: {
      ...options,
      limits:
        options.limits === undefined
          ? // Passing the profile's name on saves the session time: it needs no resolving.
            "server"
          : // The session gets messages one by one, so each may be as long as a frame.
            { ...limits, maxFrameSize: Math.max(maxFrameSize, maxMessageSize) },
    },
    // The request and the response have limits of their own.
    heldLimits: { maxHeldBytes: Number.POSITIVE_INFINITY, maxProcessHeldBytes },
    maxRequestSize: options.maxRequestSize ?? MOST_BYTES * maxMessageSize,
    maxResponseSize: options.maxResponseSize ?? DEFAULT_MAX_RESPONSE_SIZE,
    batchTimeout: options.batchTimeout ?? DEFAULT_BATCH_TIMEOUT,
  };
}
