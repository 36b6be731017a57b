import type { Execution } from "@capnweb/core/following";
import { CodedError } from "@capnweb/wire/coded";

/**
 * A call failed because of its connection, not because of the method. `execution` says whether the
 * method may have run.
 *
 * @example
 * ```ts
 * try {
 *   await connection.api.order(basket);
 * } catch (error) {
 *   if (error instanceof ConnectionError && error.execution === "never") offerToRepeat();
 * }
 * ```
 */
export abstract class ConnectionError extends CodedError {
  // Not an own property, which would travel with the error.
  readonly #execution: Execution;

  constructor(message: string, execution: Execution, cause: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.#execution = execution;
  }

  /** The kind of failure, the same for every error of a class. */
  abstract get code(): string;

  /**
   * `"never"` if the call provably didn't reach the peer's session, `"maybe"` if it may have run.
   */
  get execution(): Execution {
    return this.#execution;
  }
}

/** The connection was lost, before or while the call was under way. It may come back. */
export class ConnectionLostError extends ConnectionError {
  /** The same for every error of this class. */
  get code(): "CONNECTION_LOST" {
    return "CONNECTION_LOST";
  }

  /** @param cause the reason why the session ended */
  constructor(execution: Execution, cause: unknown) {
    const fate =
      execution === "never"
        ? "The call wasn't made: make it again, on connection.api or a kept stub."
        : "The call may have run. Calls that are marked as idempotent (callOptions) are repeated.";
    super(`The connection was lost (${describe(cause)}). ${fate}`, execution, cause);
  }
}

/** The call waited for a connection until a limit of the option `offline`. It wasn't made. */
export class OfflineError extends ConnectionError {
  /** The same for every error of this class. */
  get code(): "OFFLINE" {
    return "OFFLINE";
  }

  /** @param cause the reason why there is no connection, if it is known */
  constructor(message: string, cause?: unknown) {
    const why = cause === undefined ? "" : ` The last failure: ${describe(cause)}.`;
    super(message + why, "never", cause);
  }
}

/**
 * The connection is closed for good: by `close()`, a signal, the option `retry`, or a
 * {@link SetupError}.
 */
export class ConnectionClosedError extends ConnectionError {
  /** The same for every error of this class. */
  get code(): "CONNECTION_CLOSED" {
    return "CONNECTION_CLOSED";
  }

  /** @param cause the reason, if there is one besides `close()` */
  constructor(execution: Execution, cause?: unknown) {
    const why = cause === undefined ? "" : ` (${describe(cause)})`;
    super(`The connection is closed${why}. connect() makes a new one.`, execution, cause);
  }
}

/** A kept stub can't be derived any more, because its derivation failed. Its calls aren't made. */
export class DerivationError extends ConnectionError {
  /** The same for every error of this class. */
  get code(): "DERIVATION" {
    return "DERIVATION";
  }

  /** @param cause the error of the derivation */
  constructor(cause: unknown) {
    super(
      `A kept stub couldn't be derived on the new session (${describe(cause)}). Keep it again, ` +
        "once the cause is gone.",
      "never",
      cause,
    );
  }
}

/** The reason of a connection that the peer didn't answer on. It is the cause of lost calls. */
export class UnansweredError extends CodedError {
  /** The same for every error of this class. */
  get code(): "UNANSWERED" {
    return "UNANSWERED";
  }

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    super(`The peer didn't answer a probe within ${timeout} ms, as health.timeout allows.`);
  }
}

/** An attempt to connect took longer than `openTimeout`. */
export class OpenTimeoutError extends CodedError {
  /** The same for every error of this class. */
  get code(): "OPEN_TIMEOUT" {
    return "OPEN_TIMEOUT";
  }

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    super(`The connection didn't open within ${timeout} ms, as openTimeout allows.`);
  }
}

/**
 * The reason of a connection that can't be opened, because its options have a mistake. Another
 * attempt would fail too, so the connection is closed. Calls fail with a `ConnectionClosedError`,
 * whose cause this is.
 */
export class SetupError extends CodedError {
  /** The same for every error of this class. */
  get code(): "SETUP" {
    return "SETUP";
  }

  /**
   * @param place the function that failed
   * @param cause its error
   */
  constructor(place: string, cause: unknown) {
    super(
      `${place} failed, and would again: ${describe(cause)}. Correct the options of connect().`,
      { cause },
    );
  }
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
}
