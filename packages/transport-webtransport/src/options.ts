import { type LimitsOption, type RpcSessionOptions, resolveLimits } from "@capnweb/core";
import type { KeepAliveOptions } from "./keep-alive.ts";

/**
 * Bounds on the data that a transport keeps for its peer, and times after which it gives up the
 * peer.
 */
export interface ByteStreamOptions extends Pick<RpcSessionOptions, "onLimit" | "onError"> {
  /**
   * Bytes waiting to be sent above which streams hold back. Calls can't be held back, but they
   * count. Default 1 MiB.
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the next message ends the session. It protects memory from
   * peers that ask for much and read little. The largest waiting message doesn't count, so one
   * message may have any size. Default 64 MiB; at servers 16 MiB.
   */
  maxBufferedAmount?: number | undefined;
  /**
   * Longest frame accepted, in bytes. Default 96 MiB. The functions that start sessions derive it
   * from `limits`: three bytes of UTF-8 for each UTF-16 code unit of a text that the session
   * accepts.
   */
  maxMessageBytes?: number | undefined;
  /**
   * Most bytes of incomplete frames, of all transports of the process together. Above it, the
   * transport with the largest incomplete frame ends its session. Default: no limit. The functions
   * that start sessions take it from `limits.maxProcessHeldBytes`.
   */
  maxProcessHeldBytes?: number | undefined;
  /**
   * Empty frames, which keep the connection alive and notice a peer that is stopped; `false` for
   * none.
   */
  keepAlive?: KeepAliveOptions | false | undefined;
  /**
   * Milliseconds without a message, in either direction, after which the session ends. Empty frames
   * don't count as messages, so a longer call counts as silence. Default: no limit.
   */
  idleTimeout?: number | undefined;
  /**
   * Milliseconds from the session's start within which the peer's first bytes must come. Default:
   * no limit; at servers `openTimeout`.
   */
  firstBytesTimeout?: number | undefined;
}

/** The `maxBufferedAmount` of servers, in bytes. */
export const SERVER_MAX_BUFFERED_AMOUNT = 16 * 1024 * 1024;

/** Most bytes of UTF-8 for a UTF-16 code unit. */
const BYTES_PER_CODE_UNIT = 3;

/** A transport's options, as a session's limits imply them. */
export function frameLimits(limits: LimitsOption | undefined) {
  const { maxFrameSize, maxProcessHeldBytes } = resolveLimits(limits);
  return { maxMessageBytes: BYTES_PER_CODE_UNIT * maxFrameSize, maxProcessHeldBytes };
}
