import { Decoder } from "./decoder.ts";
import { Encoder, type EncoderOptions } from "./encoder.ts";
import { ProtocolError } from "./errors.ts";
import { parseJson, stringifyExpression } from "./json.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { sessionlessTable } from "./sessionless.ts";

/** Options of {@link serialize}. */
export type SerializeOptions = Pick<EncoderOptions, "errorProperties">;

/**
 * Encodes a value as JSON text, in the form that it has in a message.
 *
 * @param options `errorProperties`: the own properties of errors to include, besides `code`,
 *   `cause`, `errors` and those that the error's class names; `"all"` for every enumerable one
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
  return stringifyExpression(new Encoder(sessionlessTable, "string", options).encode(value));
}

/**
 * Decodes the text of an expression, from {@link serialize} of this or any other implementation.
 *
 * @throws MessageSyntaxError for text that isn't JSON
 * @throws ExpressionError, ProtocolError for text that isn't an expression, or needs a session
 * @throws LimitError for a value over one of the {@link DEFAULT_LIMITS}
 *
 * @example
 * ```ts
 * deserialize('{"when":["date",0]}'); // { when: Date }
 * ```
 */
export function deserialize(text: string): unknown {
  return new SessionlessDecoder().decode(parseJson(text), {}, "");
}

class SessionlessDecoder extends Decoder {
  constructor() {
    super(sessionlessTable, "string", DEFAULT_LIMITS);
  }

  override defer(): never {
    throw new ProtocolError("This value can't be deserialized without an RPC session.");
  }
}
