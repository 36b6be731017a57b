import type { LimitName, LimitOptionName } from "@capnweb/core";
import { explain } from "@capnweb/wire/coded";

/** The reason for a batch's failure; see {@link HttpBatchError.code}. */
export type HttpBatchErrorCode =
  | "BATCH_ENDED"
  | "NO_ANSWER"
  | "NETWORK"
  | "BAD_URL"
  | "HTTP_STATUS"
  | "TOO_LARGE"
  | "NOT_A_BATCH"
  | "TIMEOUT"
  | "NO_MAIN"
  | "OVERLOADED"
  | "SHUTTING_DOWN"
  | "DISCONNECTED";

/** Facts about a failed batch besides its message. */
export interface HttpBatchErrorOptions extends ErrorOptions {
  /** The HTTP status of the answer to a failed request. */
  readonly status?: number | undefined;
  /** The name of the limit that the batch exceeded. */
  readonly limit?: LimitName | LimitOptionName | undefined;
}

/** The failure of a batch, or of a call in it, because of the way it travels. */
export class HttpBatchError extends Error {
  readonly #code: HttpBatchErrorCode;
  readonly #status: number | undefined;
  readonly #limit: LimitName | LimitOptionName | undefined;

  /** @param options the cause, the status, and the limit */
  constructor(code: HttpBatchErrorCode, message: string, options?: HttpBatchErrorOptions) {
    super(message, options);
    this.#code = code;
    this.#status = options?.status;
    this.#limit = options?.limit;
    explain(this);
  }

  /**
   * The reason for the failure, to branch on:
   *
   * - `BATCH_ENDED`: the stub or promise was used after its batch's response had arrived.
   * - `NO_ANSWER`: the server awaited a call to the client, which a batch can't answer.
   * - `NETWORK`: the request or its response didn't get through. `cause` is the error of `fetch`.
   * - `BAD_URL`: no request can be made to the URL.
   * - `HTTP_STATUS`: the server answered with an HTTP error; see `status`.
   * - `TOO_LARGE`: a request or response over the size limit of either side.
   * - `NOT_A_BATCH`: a body that can't be read as a batch, such as a web page.
   * - `TIMEOUT`: at a server, a batch that took longer than its `batchTimeout`.
   * - `NO_MAIN`: at a server, the application failed to make the main object.
   * - `OVERLOADED`: at a server, a batch that was given up because batches hold too much memory.
   * - `SHUTTING_DOWN`: at a server, a batch that was given up because the server ends.
   * - `DISCONNECTED`: at a server, the client went away before the response was sent.
   */
  get code(): HttpBatchErrorCode {
    return this.#code;
  }

  /** The HTTP status of the answer to a failed request. */
  get status(): number | undefined {
    return this.#status;
  }

  /**
   * The name of the limit that the batch exceeded: an option of this side, or the limit or option
   * that the server names in its answer. `undefined` for other failures.
   */
  get limit(): LimitName | LimitOptionName | undefined {
    return this.#limit;
  }
}

// Every batch ends with one of the errors below, but few programs look at it, so it is made when
// needed.

/** The error of a batch's stubs once its response has arrived. */
export function batchEnded(): HttpBatchError {
  return new HttpBatchError(
    "BATCH_ENDED",
    "Batch RPC request ended. A batch carries the calls of one turn: start another batch for more.",
  );
}

/** The error of a server's calls to its client. */
export function noAnswer(): HttpBatchError {
  return new HttpBatchError(
    "NO_ANSWER",
    "The client of an HTTP batch can't answer. Call it over a WebSocket.",
  );
}

/** The error of a batch whose server ends. */
export function shuttingDown(reason: string): HttpBatchError {
  return new HttpBatchError("SHUTTING_DOWN", reason, { status: 503 });
}

/** The message of any thrown value. Never throws. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "An error that can't be shown.";
  }
}
