import { isAtLeast } from "../encoding-level.ts";
import { EncodeError, unknownExpression } from "../errors.ts";
import { isExpression, isRecord, isString } from "../operands.ts";
import type {
  DecodeContext,
  EncodeContext,
  Expression,
  TaggedExpression,
  ValueType,
} from "../value-type.ts";
import { countBytes } from "./bytes.ts";
import { countHeaders, type HeaderList, isHeaderList, measureHeaders } from "./headers.ts";
import { runtimeClass } from "./runtime-classes.ts";
import { checkUrl } from "./url.ts";

type Init = Record<string, unknown>;

/** The settings that travel, in order, with their defaults, which are left out. */
const REQUEST_DEFAULTS: Init = {
  method: "GET",
  headers: undefined,
  body: null,
  cache: "default",
  redirect: "follow",
  integrity: "",
  credentials: "same-origin",
  referrer: "about:client",
  referrerPolicy: "",
  keepalive: false,
};
const RESPONSE_DEFAULTS: Init = { status: 200, statusText: "", headers: undefined };

const requests = runtimeClass<Request, [string, Init]>("Request");
const responses = runtimeClass<Response, [BodyInit | null, Init]>("Response");

export const requestType: ValueType<Request, [url: string, init: Init]> = {
  ...requests.claim,
  tags: ["request"],
  weight: 512,
  operands: [isString, isRecord],
  streamOf: (value) => value.body,
  encode: (value, cx) => ["request", value.url, encodeInit(value, REQUEST_DEFAULTS, cx)],
  decode(expression, cx) {
    checkUrl(expression[1]);
    cx.measure?.(expression[1].length);
    return requests.create(expression, expression[1], decodeInit(expression, REQUEST_DEFAULTS, cx));
  },
};

export const responseType: ValueType<Response, [body: Expression, init: Init]> = {
  ...responses.claim,
  tags: ["response"],
  weight: 256,
  operands: [isExpression, isRecord],
  streamOf: (value) => value.body,
  encode: (value, cx) => [
    "response",
    encodeBody(value, cx),
    encodeInit(value, RESPONSE_DEFAULTS, cx),
  ],
  decode(expression, cx) {
    const init = decodeInit(expression, RESPONSE_DEFAULTS, cx);
    return responses.create(expression, decodeBody(expression, expression[1], cx), init);
  },
};

function encodeBody(value: Request | Response, cx: EncodeContext): Expression {
  // The unread rest, often nothing, would arrive as the whole body.
  if (value.bodyUsed) {
    throw new EncodeError(
      "Cannot send a body that was already read. Send a clone() made before that.",
    );
  }
  return value.body && cx.encode(value.body);
}

function encodeInit(value: Request | Response, defaults: Init, cx: EncodeContext): Init {
  const init: Init = {};
  for (const field of Object.keys(defaults)) {
    // Some runtimes leave out the settings that mean nothing to them.
    const setting = (value as unknown as Init)[field] ?? defaults[field];
    if (field === "headers") {
      const headers = [...value.headers] as HeaderList;
      measureHeaders(headers, cx);
      if (headers.length > 0) init["headers"] = headers;
    } else if (setting !== defaults[field]) {
      init[field] = setting;
      if (typeof setting === "string") cx.measure?.(setting.length);
      if (field === "body") {
        init["body"] = encodeBody(value, cx);
        init["duplex"] = "half";
      }
    }
  }
  return init;
}

/** The settings in an expression, checked. */
function decodeInit(
  expression: readonly [tag: string, what: unknown, init: Init],
  defaults: Init,
  cx: DecodeContext,
): Init {
  const init: Init = {};
  for (const field of Object.keys(defaults)) {
    const setting = expression[2][field];
    if (setting === undefined) continue;
    init[field] = setting;
    if (typeof setting === "string") cx.measure?.(setting.length);
    if (field === "body") {
      init["body"] = decodeBody(expression, setting, cx);
      init["duplex"] = "half";
    } else if (field === "headers") {
      if (!isHeaderList(setting)) throw unknownExpression(expression);
      countHeaders(setting, cx);
    } else if (typeof setting !== typeof defaults[field]) {
      throw unknownExpression(expression);
    } else if (field === "referrer") checkUrl(setting as string);
  }
  return init;
}

function decodeBody(
  expression: TaggedExpression,
  body: Expression,
  cx: DecodeContext,
): BodyInit | null {
  // Code units that each code unit of a body's text counts as.
  const BODY_LENGTH = 16;
  const decoded = cx.decode(body, {}, "body");
  // The platform makes bytes of it, which no other count sees.
  if (typeof decoded === "string") cx.measure?.(BODY_LENGTH * decoded.length);
  // They are copied, and the same bytes can stand in many places of a structured clone.
  if (decoded instanceof Uint8Array && isAtLeast(cx.level, "jsonCompatibleWithBytes")) {
    countBytes(decoded.byteLength, cx);
  }
  if (
    decoded === null ||
    typeof decoded === "string" ||
    decoded instanceof Uint8Array ||
    decoded instanceof ReadableStream
  ) {
    return decoded as BodyInit | null;
  }
  throw unknownExpression(expression);
}
