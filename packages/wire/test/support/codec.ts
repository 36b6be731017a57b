import { DEFAULT_LIMITS, Decoder, Encoder, type EncodingLevel } from "../../src/index.ts";
import { sessionlessTable } from "../../src/sessionless.ts";

class TestDecoder extends Decoder {
  override defer(): never {
    throw new Error("not without a session");
  }
}

export const encode = (value: unknown, level: EncodingLevel = "string") =>
  new Encoder(sessionlessTable, level).encode(value);

export const decode = (expression: unknown, level: EncodingLevel = "string") =>
  new TestDecoder(sessionlessTable, level, DEFAULT_LIMITS).decode(expression, {}, "");

/** Carries an expression as a transport of that level would. */
export function carry(expression: unknown, level: EncodingLevel): unknown {
  if (level === "string") return JSON.parse(JSON.stringify(expression));
  return structuredClone(expression);
}

export const LEVELS: EncodingLevel[] = [
  "string",
  "jsonCompatible",
  "jsonCompatibleWithBytes",
  "structuredClonable",
];
