import type { Side } from "../transcript/transcript.ts";

/** Properties and faults of a link. All are off by default. */
export interface LinkOptions {
  /**
   * The encoding level of both transports; see `EncodingLevel` of `@capnweb/wire`. Default
   * `"string"`.
   */
  readonly encodingLevel?:
    | "string"
    | "jsonCompatible"
    | "jsonCompatibleWithBytes"
    | "structuredClonable"
    | undefined;
  /**
   * True if the transports also carry `Uint8Array`s, as WebSockets do. Only at the encoding level
   * `"string"`. Default `false`.
   */
  readonly isBinary?: boolean | undefined;
  /** Milliseconds that a message is in flight. */
  readonly latency?: number | undefined;
  /** Most milliseconds added at random. Messages still arrive in order. */
  readonly jitter?: number | undefined;
  /** Bytes per second, in each direction. */
  readonly bandwidth?: number | undefined;
  /** The point at which the link breaks. Default: never. */
  readonly cut?: Cut | undefined;
  /** The seed of the random numbers, so that a run can be repeated. Default 1. */
  readonly seed?: number | undefined;
}

/**
 * A point in the messages of one side. Those sent before it arrive; the rest doesn't. The link
 * breaks when the side sends more.
 */
export interface Cut {
  /** The side whose messages are counted. */
  readonly from: Side;
  /** The number of messages that arrive. */
  readonly afterMessages?: number | undefined;
  /** The number of bytes that arrive. The message that contains the last of them is lost. */
  readonly afterBytes?: number | undefined;
  /**
   * True if the link breaks as soon as `afterMessages` have arrived, even if nothing more is sent.
   * Default `false`.
   */
  readonly atOnce?: boolean | undefined;
  /** True if the part of that message before the cut arrives, as it does from a proxy that dies. */
  readonly truncates?: boolean | undefined;
}
