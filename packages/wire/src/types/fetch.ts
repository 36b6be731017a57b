import { unknownExpression } from "../errors.ts";
import type { DecodeContext, EncodeContext, Expression, ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";
import { isHeaderList, orUnknown } from "./web.ts";

type Init = Record<string, unknown>;

/** The settings that travel besides headers and body, with the values that are left out. */
const REQUEST_DEFAULTS: Init = {
  method: "GET",
  cache: "default",
  redirect: "follow",
  integrity: "",
  credentials: "same-origin",
  referrer: "about:client",
  referrerPolicy: "",
  keepalive: false,
};
const RESPONSE_DEFAULTS: Init = { status: 200, statusText: "" };

const requests = runtimeClass<Request, [string, Init]>("Request");
const responses = runtimeClass<Response, [BodyInit | null, Init]>("Response");

export const requestType: ValueType<Request> = {
  kind: "Request",
  tags: ["request"],
  prototypes: requests.prototypes,
  streamOf: (value) => value.body,
  encode(value, cx) {
    const { method, ...settings } = encodeSettings(value, REQUEST_DEFAULTS);
    return [
      "request",
      value.url,
      {
        ...(method !== undefined && { method }),
        ...encodeHeaders(value),
        ...(value.body && { body: cx.encode(value.body), duplex: "half" }),
        ...settings,
      },
    ];
  },
  decode(expression, cx) {
    const [, url, encoded] = expression;
    const init = decodeInit(encoded, REQUEST_DEFAULTS);
    if (init === undefined || typeof url !== "string") throw unknownExpression(expression);
    const { body } = encoded as Init;
    if (body !== undefined) {
      init["body"] = decodeBody(body, cx, expression);
      init["duplex"] = "half";
    }
    return orUnknown(expression, () => requests.create(url, init));
  },
};

export const responseType: ValueType<Response> = {
  kind: "Response",
  tags: ["response"],
  prototypes: responses.prototypes,
  streamOf: (value) => value.body,
  encode: (value, cx) => [
    "response",
    encodeBody(value.body, cx),
    { ...encodeSettings(value, RESPONSE_DEFAULTS), ...encodeHeaders(value) },
  ],
  decode(expression, cx) {
    const init = decodeInit(expression[2], RESPONSE_DEFAULTS);
    if (init === undefined) throw unknownExpression(expression);
    const body = decodeBody(expression[1], cx, expression);
    return orUnknown(expression, () => responses.create(body, init));
  },
};

function encodeSettings(value: Request | Response, defaults: Init): Init {
  const init: Init = {};
  for (const field of Object.keys(defaults)) {
    // Some runtimes leave out the settings that mean nothing to them.
    const setting = (value as unknown as Init)[field] ?? defaults[field];
    if (setting !== defaults[field]) init[field] = setting;
  }
  return init;
}

function encodeHeaders(value: Request | Response): Init {
  const headers = [...value.headers];
  return headers.length > 0 ? { headers } : {};
}

/** The settings, checked; `undefined` if they aren't any. */
function decodeInit(encoded: Expression, defaults: Init): Init | undefined {
  if (typeof encoded !== "object" || encoded === null || Array.isArray(encoded)) return undefined;
  const init: Init = {};
  for (const field of [...Object.keys(defaults), "headers"]) {
    const setting = (encoded as Init)[field];
    if (setting === undefined) continue;
    const isValid =
      field === "headers" ? isHeaderList(setting) : typeof setting === typeof defaults[field];
    if (!isValid) return undefined;
    init[field] = setting;
  }
  return init;
}

function encodeBody(body: ReadableStream | null, cx: EncodeContext): Expression {
  return body && cx.encode(body);
}

function decodeBody(body: Expression, cx: DecodeContext, expression: Expression): BodyInit | null {
  const decoded = cx.decode(body, {}, "body");
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
