import { CodedError } from "@capnweb/wire/coded";

/** A peer deviated from its transcript. */
export class ConformanceError extends CodedError {
  /** The same for every error of this class. */
  get code(): "NOT_CONFORMING" {
    return "NOT_CONFORMING";
  }
  readonly #difference: string | undefined;

  /** @param options the cause, and the first place where the messages differ */
  constructor(
    message: string,
    options?: ErrorOptions & { readonly difference?: string | undefined },
  ) {
    super(message, options);
    this.#difference = options?.difference;
  }

  /** The first place where an unexpected message differs from the expected one. */
  get difference(): string | undefined {
    return this.#difference;
  }
}

/** There is no server at the URL. The `cause` is the failure of the connection. */
export class UnreachableError extends ConformanceError {
  readonly #url: string;

  /**
   * @param url the server's URL
   * @param cause the failure of the connection
   * @param remedy a sentence; an empty text if the cause tells it
   */
  constructor(
    url: string,
    cause: unknown,
    remedy = "Start the server first, or use --wait or --start.",
  ) {
    const reason = `Can't connect to ${url}: ${reasonOf(cause)}`;
    super(remedy === "" ? reason : `${reason}. ${remedy}`, { cause });
    this.#url = url;
  }

  /** The server's URL. */
  get url(): string {
    return this.#url;
  }
}

/** The system's codes for failures of connections, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  UND_ERR_SOCKET: "the other side closed the connection",
  ENOTFOUND: "there is no such host",
  ETIMEDOUT: "the connection timed out",
  EPIPE: "the other side closed the connection",
};

/** The reason for a connection's failure. `fetch` hides it in the `cause`. */
export function reasonOf(error: unknown): string {
  const { code, message, cause, errors } = error as {
    code?: string;
    message?: string;
    cause?: unknown;
    errors?: readonly unknown[];
  };
  if (cause !== undefined) return reasonOf(cause);
  if (code !== undefined && REASONS[code] !== undefined) return `${REASONS[code]} (${code})`;
  // A host with several addresses gives one error per address.
  if (errors !== undefined && errors.length > 0) return reasonOf(errors[0]);
  return message ?? String(error);
}

/** True if there was no server to connect to. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(error, ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
}

/** True if the other side ended a connection that had been made. */
export function isReset(error: unknown): boolean {
  return hasCode(error, ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
}

/** True if an error or one of its causes has one of the codes. */
function hasCode(error: unknown, codes: readonly string[]): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return codes.includes(code ?? "") || (cause !== undefined && hasCode(cause, codes));
}
