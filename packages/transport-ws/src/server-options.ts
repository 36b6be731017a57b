import { type LimitsOption, resolveLimits } from "@capnweb/core";
import type { WebSocketSessionOptions } from "./session.ts";

/** The `maxBufferedAmount` of servers, in bytes. */
export const SERVER_MAX_BUFFERED_AMOUNT = 16 * 1024 * 1024;

/** Most bytes of UTF-8 for a UTF-16 code unit. */
const BYTES_PER_CODE_UNIT = 3;
/** The largest size that `ws` and Bun understand. A longer text wouldn't fit a string. */
const LARGEST = 2 ** 31 - 1;

/** A server session's options, with the defaults of servers filled in. */
export function withServerDefaults<O extends WebSocketSessionOptions>(options: O): O {
  return {
    ...options,
    announce: options.announce ?? "reply",
    limits: resolveLimits(options.limits, "server"),
    maxBufferedAmount: options.maxBufferedAmount ?? SERVER_MAX_BUFFERED_AMOUNT,
    keepAlive: options.keepAlive ?? {},
  };
}

/**
 * The same for sockets without pings of their own. The session's pings are messages, so with an
 * `idleTimeout` they would hide the silence that it looks for.
 */
export function withMessagePings<O extends WebSocketSessionOptions>(options: O): O {
  const { keepAlive, idleTimeout } = options;
  const byDefault = idleTimeout === undefined ? {} : (false as const);
  return withServerDefaults({ ...options, keepAlive: keepAlive ?? byDefault });
}

/** Most bytes of a frame, as the session's limits imply. */
export function maxPayloadOf(limits: LimitsOption | undefined): number {
  return Math.min(BYTES_PER_CODE_UNIT * resolveLimits(limits).maxFrameSize, LARGEST);
}
