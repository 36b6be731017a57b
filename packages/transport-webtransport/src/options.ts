import { type LimitsOption, type RpcSessionOptions, resolveLimits } from "@capnweb/core";
import type { KeepAliveOptions } from "./keep-alive.ts";

/** A transport's treatment of its peer. */
export interface ByteStreamOptions extends Pick<RpcSessionOptions, "onLimit" | "onError"> {
  /**
   * Bytes waiting to be sent above which streams hold back. Default 1 MiB. (Calls can't be held
   * back; they count all the same.)
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the session ends with the next message. It protects memory
   * from peers that ask for much and read little. The largest message that waits doesn't count, so
   * one may be of any size. Default 64 MiB; at servers 16 MiB.
   */
  maxBufferedAmount?: number | undefined;
  /**
   * Longest frame accepted, in bytes. Default 96 MiB. The functions that start sessions derive it
   * from `limits`: three bytes of UTF-8 for each code unit of a text that the session accepts.
   */
  maxMessageBytes?: number | undefined;
  /**
   * Most bytes of frames that have come in part, of all transports of the process together. Over
   * it, the session ends whose frame takes most. Default: no limit. The functions that start
   * sessions take it from `limits.maxProcessHeldBytes`.
   */
  maxProcessHeldBytes?: number | undefined;
  /**
   * Empty frames that keep the connection alive, and notice a peer that is stopped; `false`: none.
   */
  keepAlive?: KeepAliveOptions | false | undefined;
  /**
   * Milliseconds without a message, in either direction, after which the session ends. Empty frames
   * don't count as messages, and a call that takes longer counts as silence. Default: no limit.
   */
  idleTimeout?: number | undefined;
  /**
   * Milliseconds from the start of the session within which the peer's first bytes have to come.
   * Default: no limit; `openTimeout` at servers.
   */
  firstBytesTimeout?: number | undefined;
}

/** The `maxBufferedAmount` of servers, in bytes. */
export const SERVER_MAX_BUFFERED_AMOUNT = 16 * 1024 * 1024;

/** Bytes of UTF-8 for a code unit of text, at most. */
const BYTES_PER_CODE_UNIT = 3;

/** The options of a transport that follow from a session's limits. */
export function frameLimits(limits: LimitsOption | undefined) {
  const { maxFrameSize, maxProcessHeldBytes } = resolveLimits(limits);
  return { maxMessageBytes: BYTES_PER_CODE_UNIT * maxFrameSize, maxProcessHeldBytes };
}
