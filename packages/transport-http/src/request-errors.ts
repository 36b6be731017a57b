import { isLimitName } from "@capnweb/core";
import { LIMIT_HEADER } from "./announcement.ts";
import { HttpBatchError, messageOf } from "./errors.ts";

/** Describes a request in messages: its URL without credentials, query and fragment. */
export function describeUrl(url: string): string {
  const parsed = parse(url);
  return parsed ? parsed.origin + parsed.pathname : url;
}

/** The error for a request or response that didn't get through. */
export function networkError(url: string, cause: unknown): HttpBatchError {
  const shown = describeUrl(url);
  const parsed = parse(url);
  if (!parsed) {
    return badUrl(
      `"${shown}" isn't a URL that a batch can be sent to. Outside web pages, a URL ` +
        `must be absolute, like "https://example.com/api".`,
      cause,
    );
  }
  if (!/^https?:$/.test(parsed.protocol)) {
    return badUrl(
      `HTTP batches take http: and https: URLs, not ${shown}. ` +
        "Sessions over WebSockets take ws: and wss: ones.",
      cause,
    );
  }
  const message = `RPC request to ${shown} failed: ${reasonOf(cause)}`;
  return new HttpBatchError("NETWORK", message + networkHint(parsed), { cause });
}

function badUrl(message: string, cause: unknown): HttpBatchError {
  return new HttpBatchError("BAD_URL", message, { cause });
}

function networkHint({ origin }: URL): string {
  const page = globalThis.location?.origin;
  // Browsers don't tell scripts which of these causes applies.
  if (page === undefined || page === origin) return ". Is the server running, and the URL right?";
  return (
    `. Either the server can't be reached, or its "cors" option ` +
    `doesn't allow this page's origin, ${page}.`
  );
}

/**
 * The reason for the failure of a `fetch`. Runtimes put it into the cause, or into the cause's
 * errors, one for each address.
 */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown; errors?: unknown[] } };
  const reason = cause?.errors?.[0] ?? cause ?? error;
  const message = messageOf(reason);
  const { code } = reason as { code?: unknown };
  if (typeof code !== "string" || message.includes(code)) return message;
  return `${message} (${code})`;
}

/** The error for a response with a status other than 200 to 299. */
export function statusError(url: string, response: Response, body: string): HttpBatchError {
  const { status, statusText } = response;
  const excerpt = isPage(body) ? "a web page" : body.trim().slice(0, 200);
  const message =
    `RPC request failed: ${[status, statusText].join(" ").trim()}${excerpt && `: ${excerpt}`} ` +
    `(${describeUrl(response.url || url)})`;
  const code = status === 413 || status === 507 ? "TOO_LARGE" : "HTTP_STATUS";
  const said = response.headers.get(LIMIT_HEADER);
  const limit = isLimitName(said) ? said : undefined;
  return new HttpBatchError(code, message + statusHint(url, response), { status, limit });
}

function statusHint(url: string, { status, type, redirected, headers }: Response): string {
  if (type === "opaque") return '. The mode "no-cors" hides the response: use "cors".';
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    const to = headers.get("Location");
    return `. The URL redirects${to ? ` to ${to}` : ""}: use the URL it leads to.`;
  }
  if (redirected)
    return (
      `. ${describeUrl(url)} redirected there, and redirects make a ` +
      "GET of a batch: use the URL it leads to."
    );
  if (status === 404 || status === 405) return ". Is that the URL of an RPC endpoint?";
  return "";
}

/** The error for a response that can't be a batch; `undefined` if it can be one. */
export function notABatch(
  url: string,
  response: Response,
  body: string,
): HttpBatchError | undefined {
  // A batch begins with a message, which is an array.
  if (body === "" || body.startsWith("[")) return undefined;
  const answer = isPage(body)
    ? "a web page"
    : `text that isn't JSON messages, "${body.trim().slice(0, 100)}"`;
  const shown = describeUrl(response.url || url);
  const hint = "Is that the URL of an RPC endpoint?";
  const message = `${shown} answered with ${answer}, not with a batch. ${hint}`;
  return new HttpBatchError("NOT_A_BATCH", message, { status: response.status });
}

function isPage(body: string): boolean {
  return body.trimStart().startsWith("<");
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    return undefined;
  }
}
