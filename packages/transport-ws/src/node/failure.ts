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
  const message = NETWORK[code ?? ""]?.(shown(url) ?? "the WebSocket's URL");
  if (!message || wasOpen) return failedError(url, wasOpen, cause);
  return new WebSocketClosedError(`${message} (${code})`, 1006, "", { cause });
}

/** Network errors that say for certain why the server doesn't answer. */
const NETWORK: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) =>
    `Nothing listens at ${where}. Is the server running, and are host and port right?`,
  ENOTFOUND: (where) => `There is no host of that name: ${where}.`,
};

function codeOf(cause: unknown): string | undefined {
  const { code, errors } = (cause ?? {}) as { code?: unknown; errors?: readonly unknown[] };
  if (typeof code === "string") return code;
  // The error holds one error for each address of the host.
  return errors?.length ? codeOf(errors[0]) : undefined;
}
