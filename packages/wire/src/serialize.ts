import { Decoder } from "./decoder.ts";
import { DocumentWriter } from "./documents/document-writer.ts";
import { Encoder, type EncoderOptions } from "./encoder.ts";
import { ProtocolError } from "./errors.ts";
import { parseJson, stringifyExpression } from "./json.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { sessionlessTableWith } from "./sessionless.ts";
import type { ValueType } from "./value-type.ts";

/** Options of {@link deserialize}. */
export interface DeserializeOptions {
  /** The application's own value types, as the sessions have them. Default: none. */
  readonly types?: readonly ValueType[] | undefined;
}

/** Options of {@link serialize}. */
export interface SerializeOptions
  extends Pick<EncoderOptions, "errorProperties" | "documents">,
    DeserializeOptions {}

/**
 * Encodes a value as JSON text, in the form that it has in a message.
 *
 * @param options `errorProperties`: the own properties of errors to include, besides `code`,
 *   `cause`, `errors` and those that the error's class names; `"all"` for every enumerable one.
 *   `types`: the application's own value types. `documents`: the extensions `json` and `table` that
 *   the reader of the text knows, as {@link deserialize} knows both; default: none
 * @throws EncodeError for values that can't travel, and for values that only a session can send:
 *   stubs, functions, targets, streams, `Blob`, and a `Request` or `Response` with a body
 * @throws DepthError for nesting of 256 levels or deeper
 *
 * @example
 * ```ts
 * serialize({ when: new Date(0), list: [1n] }); // {"when":["date",0],"list":[[["bigint","1"]]]}
 * ```
 */
export function serialize(value: unknown, options: SerializeOptions = {}): string {
  const { errorProperties, documents } = options;
  const documentWriter = documents && DocumentWriter;
  const encoder = new Encoder(sessionlessTableWith(options.types), "string", {
    errorProperties,
    documents,
    documentWriter,
  });
  return stringifyExpression(encoder.encode(value));
}

/**
 * Decodes the text of an expression, from {@link serialize} of this or any other implementation.
 *
 * @param options `types`: the application's own value types
 * @throws MessageSyntaxError for text that isn't JSON
 * @throws ExpressionError, ProtocolError for text that isn't an expression, or needs a session
 * @throws LimitError for a value over one of the {@link DEFAULT_LIMITS}
 *
 * @example
 * ```ts
 * deserialize('{"when":["date",0]}'); // { when: Date }
 * ```
 */
export function deserialize(text: string, { types }: DeserializeOptions = {}): unknown {
  return new SessionlessDecoder(types).decode(parseJson(text), {}, "");
}

class SessionlessDecoder extends Decoder {
  constructor(types: DeserializeOptions["types"]) {
    super(sessionlessTableWith(types), "string", DEFAULT_LIMITS);
  }

  override defer(): never {
    throw new ProtocolError("This value can't be deserialized without an RPC session.");
  }
}
