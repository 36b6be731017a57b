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
export { type OwnValueType, valueType } from "./own-type.ts";
export { RpcError, type RpcErrorOptions } from "./rpc-error.ts";
export {
  type DeserializeOptions,
  deserialize,
  type SerializeOptions,
  serialize,
} from "./serialize.ts";

// For tools that read or write messages: proxies, log viewers, fuzzers.

export { withoutDocuments } from "./documents/ordinary.ts";
export {
  ANNOUNCEMENT_ID,
  type AnnouncedLimits,
  type Announcement,
  type AnnouncementMessage,
  isAnnouncement,
  readAnnouncement,
  writeAnnouncement,
} from "./extensions/announcement.ts";
export {
  type Frame,
  type FramedMessage,
  MessageReader,
  type MessageReaderOptions,
  type ReadMessage,
} from "./extensions/message-reader.ts";
export { type WriteFramesOptions, writeFrames } from "./extensions/write-frames.ts";
export { FrameDecoder, FrameEncoder, FrameError } from "./framing/frames.ts";
export { iterateLines, joinLines, splitLines } from "./framing/lines.ts";
export {
  checkMessage,
  type ExportId,
  type ImportId,
  MESSAGE_TAGS,
  type Message,
  type MessageTag,
  parseMessage,
} from "./messages.ts";
export { TAGS } from "./value-table.ts";

// For libraries that build sessions.

export { Decoder } from "./decoder.ts";
export { ALL_DOCUMENTS, type Documents } from "./documents/documents.ts";
export { Encoder, type EncoderOptions, type Meter } from "./encoder.ts";
export { type EncodingLevel, isAtLeast } from "./encoding-level.ts";
export {
  DepthError,
  EncodeError,
  ExpressionError,
  LimitError,
  MessageSyntaxError,
  ProtocolError,
} from "./errors.ts";
export { createValueTable, type ValueTable } from "./value-table.ts";
export type {
  Container,
  CopyContext,
  DecodeContext,
  EncodeContext,
  Expression,
  TaggedExpression,
  ValueType,
} from "./value-type.ts";
export { valueTypes } from "./value-types/index.ts";
