import { type LimitsOption, resolveLimits } from "@capnweb/core";
import type { WebSocketSessionOptions } from "./session.ts";

/** The `maxBufferedAmount` of servers, in bytes. */
export const SERVER_MAX_BUFFERED_AMOUNT = 16 * 1024 * 1024;

/** Bytes of UTF-8 for a UTF-16 code unit, at most. */
const BYTES_PER_CODE_UNIT = 3;
/** The largest size that `ws` and Bun understand. A longer text wouldn't be a string any more. */
const LARGEST = 2 ** 31 - 1;

/** The options of a server's session, with the defaults of servers. */
export function withServerDefaults<O extends WebSocketSessionOptions>(options: O): O {
  return {
    ...options,
    announce: options.announce ?? "reply",
    limits: resolveLimits(options.limits, "server"),
    maxBufferedAmount: options.maxBufferedAmount ?? SERVER_MAX_BUFFERED_AMOUNT,
    keepAlive: options.keepAlive ?? {},
  };
}

/** The bytes that a frame may have, by the session's limits. */
export function maxPayloadOf(limits: LimitsOption | undefined): number {
  return Math.min(BYTES_PER_CODE_UNIT * resolveLimits(limits).maxFrameSize, LARGEST);
}
