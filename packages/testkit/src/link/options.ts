import type { Side } from "../transcript/transcript.ts";

/** What a link does to what is sent over it. Everything is off by default. */
export interface LinkOptions {
  /**
   * How far sessions encode values for it; see `EncodingLevel` of `@capnweb/wire`. Default
   * `"string"`.
   */
  readonly encodingLevel?:
    | "string"
    | "jsonCompatible"
    | "jsonCompatibleWithBytes"
    | "structuredClonable"
    | undefined;
  /** Milliseconds that a message is on its way. */
  readonly latency?: number | undefined;
  /** Milliseconds of which up to all are added at random. Messages still arrive in order. */
  readonly jitter?: number | undefined;
  /** Bytes a second, each way. */
  readonly bandwidth?: number | undefined;
  /** Where the link breaks. */
  readonly cut?: Cut | undefined;
  /** What the random numbers start from, so that a run can be had again. Default 1. */
  readonly seed?: number | undefined;
}

/** A place in what one side sends; what is sent before it arrives, the rest doesn't. */
export interface Cut {
  readonly from: Side;
  /** How many messages arrive. */
  readonly afterMessages?: number | undefined;
  /** How many bytes arrive; the message that the last of them is in is lost. */
  readonly afterBytes?: number | undefined;
  /** Whether the part of that message before the cut arrives, as of a proxy that dies. */
  readonly truncates?: boolean | undefined;
}
