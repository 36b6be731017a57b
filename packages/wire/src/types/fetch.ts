import { unknownExpression } from "../errors.ts";
import type {
  DecodeContext,
  EncodeContext,
  Expression,
  TaggedExpression,
  ValueType,
} from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";
import { isHeaderList, orUnknown } from "./web.ts";

const requests = runtimeClass<Request, [string, RequestInit]>("Request");
const responses = runtimeClass<Response, [BodyInit | null, ResponseInit]>("Response");

/** The fields of a request that travel besides method, headers and body, with their defaults. */
const REQUEST_DEFAULTS = {
  cache: "default",
  redirect: "follow",
  integrity: "",
  credentials: "same-origin",
  referrer: "about:client",
  referrerPolicy: "",
  keepalive: false,
} as const;

type RequestField = keyof typeof REQUEST_DEFAULTS;
const REQUEST_FIELDS = Object.keys(REQUEST_DEFAULTS) as RequestField[];

export const requestType: ValueType<Request> = {
  kind: "Request",
  tags: ["request"],
  prototypes: requests.prototypes,
  streamOf: (value) => value.body,
  encode(value, cx) {
    const init: Record<string, Expression> = {};
    if (value.method !== "GET") init["method"] = value.method;
    for (const field of REQUEST_FIELDS) {
      // Some runtimes leave out the fields that mean nothing to them.
      const setting: unknown = value[field];
      if (setting !== undefined && setting !== REQUEST_DEFAULTS[field]) init[field] = setting;
    }
    encodeHeaders(value, init);
    if (value.body) {
      init["body"] = cx.encode(value.body);
      init["duplex"] = "half";
    }
    return ["request", value.url, init];
  },
  decode(expression, cx) {
    const [, url, init] = expression;
    if (typeof url !== "string" || !isInit(init)) throw unknownExpression(expression);
    const decoded: Record<string, unknown> = {};
    if (init["method"] !== undefined) decoded["method"] = stringOf(init["method"], expression);
    for (const field of REQUEST_FIELDS) {
      const setting = init[field];
      if (setting === undefined) continue;
      if (typeof setting !== typeof REQUEST_DEFAULTS[field]) throw unknownExpression(expression);
      decoded[field] = setting;
    }
    decodeHeaders(init, decoded, expression);
    if (init["body"] !== undefined) decoded["body"] = decodeBody(init["body"], cx, expression);
    if (decoded["body"] instanceof ReadableStream) decoded["duplex"] = "half";
    return orUnknown(expression, () => requests.create(url, decoded));
  },
};

export const responseType: ValueType<Response> = {
  kind: "Response",
  tags: ["response"],
  prototypes: responses.prototypes,
  streamOf: (value) => value.body,
  encode(value, cx) {
    const init: Record<string, Expression> = {};
    if (value.status !== 200) init["status"] = value.status;
    if (value.statusText) init["statusText"] = value.statusText;
    encodeHeaders(value, init);
    return ["response", encodeBody(value.body, cx), init];
  },
  decode(expression, cx) {
    const [, content, init] = expression;
    if (!isInit(init)) throw unknownExpression(expression);
    const decoded: Record<string, unknown> = {};
    if (init["status"] !== undefined) {
      if (typeof init["status"] !== "number") throw unknownExpression(expression);
      decoded["status"] = init["status"];
    }
    if (init["statusText"] !== undefined) {
      decoded["statusText"] = stringOf(init["statusText"], expression);
    }
    decodeHeaders(init, decoded, expression);
    const body = decodeBody(content, cx, expression);
    return orUnknown(expression, () => responses.create(body, decoded));
  },
};

type Init = Readonly<Record<string, Expression>>;

function isInit(init: unknown): init is Init {
  return typeof init === "object" && init !== null && !Array.isArray(init);
}

function stringOf(setting: unknown, expression: TaggedExpression): string {
  if (typeof setting !== "string") throw unknownExpression(expression);
  return setting;
}

function encodeHeaders({ headers }: { headers: Headers }, init: Record<string, Expression>): void {
  const list = [...headers];
  if (list.length > 0) init["headers"] = list;
}

function decodeHeaders(
  { headers }: Init,
  decoded: Record<string, unknown>,
  expression: TaggedExpression,
): void {
  if (headers === undefined) return;
  if (!isHeaderList(headers)) throw unknownExpression(expression);
  decoded["headers"] = headers;
}

function encodeBody(body: ReadableStream | null, cx: EncodeContext): Expression {
  return body === null ? null : cx.encode(body);
}

function decodeBody(
  body: Expression,
  cx: DecodeContext,
  expression: TaggedExpression,
): BodyInit | null {
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
