/**
 * The Cap'n Web protocol as data, without sessions.
 *
 * @packageDocumentation
 */

// For applications.

export {
  DEFAULT_LIMITS,
  DEFAULT_MAX_DEPTH,
  isLimitName,
  LIMIT_PROFILES,
  type LimitName,
  type LimitOptionName,
  type LimitProfile,
  type Limits,
  type LimitsOption,
  resolveLimits,
} from "./limits.ts";
export { RpcError, type RpcErrorOptions } from "./rpc-error.ts";
export { deserialize, type SerializeOptions, serialize } from "./serialize.ts";

// For tools that read or write messages: proxies, log viewers, fuzzers.

export { FrameDecoder, FrameEncoder, FrameError } from "./framing/frames.ts";
export { iterateLines, joinLines, splitLines } from "./framing/lines.ts";
export {
  checkMessage,
  type ExportId,
  type ImportId,
  type Message,
  type MessageTag,
  parseMessage,
} from "./messages.ts";
export { createValueTable, TAGS, type ValueTable } from "./value-table.ts";

// For libraries that build sessions on it.

export { aloneBytes, copyBytes } from "./base64.ts";
export { BY_REFERENCE, isByReference } from "./by-reference.ts";
export { Decoder } from "./decoder.ts";
export { Encoder, type EncoderOptions, type Meter } from "./encoder.ts";
export type { EncodingLevel } from "./encoding-level.ts";
export { isAtLeast } from "./encoding-level.ts";
export {
  DepthError,
  EncodeError,
  ExpressionError,
  excerpt,
  isEncodeFailure,
  LimitError,
  MessageSyntaxError,
  overLimit,
  ProtocolError,
  unknownExpression,
} from "./errors.ts";
export { stringifyExpression } from "./json.ts";
export { isNumber } from "./operands.ts";
export { isReachableKey, type PathPart } from "./property-path.ts";
export { valueTypes } from "./types/index.ts";
export { blaming, kindOf, nameOf, withPlace } from "./unencodable.ts";
export type {
  DecodeContext,
  EncodeContext,
  Expression,
  TaggedExpression,
  ValueType,
} from "./value-type.ts";
