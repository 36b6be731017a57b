import { DEFAULT_LIMITS } from "@capnweb/core";
import type { KeepAliveOptions } from "./keep-alive.ts";

/** How a transport treats its peer. */
export interface ByteStreamOptions {
  /**
   * Bytes waiting to be sent above which streams hold back. Default 1 MiB. (Calls can't be held
   * back; they count all the same.)
   */
  highWaterMark?: number | undefined;
  /**
   * Bytes waiting to be sent above which the session ends with the next message, to protect memory from
   * peers that make much and read little. Default: no limit; `serveWebTransportRpc` has one.
   */
  maxBufferedAmount?: number | undefined;
  /**
   * Longest message accepted, in bytes. Default 96 MiB: three bytes of UTF-8 for each code unit that the
   * session's `limits.maxMessageSize` allows.
   */
  maxMessageBytes?: number | undefined;
  /** Empty frames that keep the connection alive, and notice a peer that is stopped; `false`: none. */
  keepAlive?: KeepAliveOptions | false | undefined;
  /**
   * Milliseconds from the start of the session within which the peer's first bytes have to come. Default:
   * no limit; `serveWebTransportRpc` has one.
   */
  firstBytesTimeout?: number | undefined;
}

/** Bytes of UTF-8 that a message may have whose text is of `codeUnits`. */
export function bytesFor(codeUnits: number = DEFAULT_LIMITS.maxMessageSize): number {
  return 3 * codeUnits;
}
