/** Why a batch failed; see {@link HttpBatchError.code}. */
export type HttpBatchErrorCode =
  | "BATCH_ENDED"
  | "NO_ANSWER"
  | "HTTP_STATUS"
  | "TOO_LARGE"
  | "NOT_A_BATCH"
  | "DISCONNECTED";

/** A batch, or a call in it, failed because of how it travels. */
export class HttpBatchError extends Error {
  readonly #code: HttpBatchErrorCode;
  readonly #status: number | undefined;

  constructor(
    code: HttpBatchErrorCode,
    message: string,
    options?: ErrorOptions & { status?: number },
  ) {
    super(message, options);
    this.#code = code;
    this.#status = options?.status;
  }

  /**
   * - `BATCH_ENDED`: the stub or promise was used after its batch's response had arrived.
   * - `NO_ANSWER`: the server awaited a call to the client, which a batch can't answer.
   * - `HTTP_STATUS`: the server answered with an HTTP error; see `status`.
   * - `TOO_LARGE`: a request or response over the size limit.
   * - `NOT_A_BATCH`: a body that can't be read as a batch.
   * - `DISCONNECTED`: the client went away before the response was sent.
   */
  get code(): HttpBatchErrorCode {
    return this.#code;
  }

  /** The HTTP status that a failed request was answered with. */
  get status(): number | undefined {
    return this.#status;
  }
}

// Every batch ends with one of these, and few show it: they are called when somebody asks.

/** What a batch's stubs fail with once its response has arrived. */
export function batchEnded(): HttpBatchError {
  return new HttpBatchError("BATCH_ENDED", "Batch RPC request ended.");
}

/** What a server's calls of its client fail with. */
export function noAnswer(): HttpBatchError {
  return new HttpBatchError(
    "NO_ANSWER",
    "The client of an HTTP batch can't answer. Call it over a WebSocket.",
  );
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
