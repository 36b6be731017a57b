import type { Limits } from "@capnweb/core";
import type { KeepAliveOptions } from "./keep-alive.ts";

/** A transport's treatment of its peer. */
export interface ByteStreamOptions {
  /**
   * Bytes waiting to be sent above which streams hold back. Default 1 MiB. (Calls can't be held
   * back; they count all the same.)
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the session ends with the next message. It protects memory
   * from peers that ask for much and read little. The message sent last may exceed it. Default
   * 64 MiB; 16 MiB at servers.
   */
  maxBufferedAmount?: number | undefined;
  /**
   * Longest frame accepted, in bytes. Default 96 MiB. The functions that start sessions derive it
   * from `limits`: three bytes of UTF-8 for each code unit of a text that the session accepts.
   */
  maxMessageBytes?: number | undefined;
  /** Empty frames that keep the connection alive, and notice a peer that is stopped; `false`: none. */
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

/** Bytes that may wait for a client that doesn't read, besides the message that is sent last. */
export const SERVER_MAX_BUFFERED_AMOUNT = 16 * 1024 * 1024;

/** Bytes of UTF-8 that a frame may have whose text is within the limits. */
export function bytesFor({
  maxFrameSize,
  maxMessageSize,
}: Pick<Limits, "maxFrameSize" | "maxMessageSize">): number {
  return 3 * Math.max(maxFrameSize, maxMessageSize);
}
