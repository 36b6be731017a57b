import { failedError, LESS, shown, WebSocketClosedError } from "../errors.ts";

/**
 * The error for a socket of `ws` that failed. Such a socket knows more about the reason than others
 * do.
 */
export function nodeFailure(url: string | undefined, wasOpen: boolean, cause: unknown): Error {
  const code = codeOf(cause);
  if (code === "WEBSOCKET_REFUSED") return cause as Error;
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
    const options = { cause, limit: "maxPayload" } as const;
    return new WebSocketClosedError(
      `A message is longer than maxPayload. ${LESS}`,
      1009,
      "",
      options,
    );
  }
  if (wasOpen || !(cause instanceof Error)) return failedError(url, wasOpen, cause);
  const where = shown(url) ?? "the WebSocket's URL";
  const message = NETWORK[code ?? ""]?.(where) ?? `No WebSocket to ${where}: ${cause.message}.`;
  return new WebSocketClosedError(code ? `${message} (${code})` : message, 1006, "", { cause });
}

/** Explanations of network errors whose own text doesn't tell the remedy. */
const NETWORK: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) =>
    `Nothing listens at ${where}. Is the server running, and are host and port right?`,
  ECONNRESET: (where) =>
    `The connection to ${where} was cut before the server answered. Is the server stopping, is ` +
    "there one behind the proxy, and is ws: or wss: right?",
  ENOTFOUND: (where) => `There is no host of that name: ${where}.`,
  EPROTO: (where) => `The server doesn't speak TLS at ${where}. Is it one of ws:, without TLS?`,
};

function codeOf(cause: unknown): string | undefined {
  const { code, errors } = (cause ?? {}) as { code?: unknown; errors?: readonly unknown[] };
  if (typeof code === "string") return code;
  // The error holds one error for each address of the host.
  return errors?.length ? codeOf(errors[0]) : undefined;
}
