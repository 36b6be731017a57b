/**
 * The errors of this package.
 *
 * An error may travel to a peer that tries tokens out. Its message is therefore the same for every
 * token, and its `cause`, which tells the operator everything, isn't an own property: those travel.
 */

import { CodedError } from "@capnweb/wire/coded";

/** A failure of sealing or unsealing. `cause` has the details, and never travels to a peer. */
export abstract class DurableError extends CodedError {
  readonly #cause: unknown;

  /**
   * @param message may be sent to a peer
   * @param cause the details, which stay in this process
   */
  constructor(message: string, cause?: unknown) {
    super(message);
    this.#cause = cause;
  }

  /** The name of the failure; stable. */
  abstract get code(): `DURABLE_${string}`;

  /**
   * The details for the operator: an `Error` that names the token's id, the class and the remedy,
   * and has the error of other code as its own `cause`.
   */
  override get cause(): unknown {
    return this.#cause;
  }
}

/** The failure of a token. The message tells nothing about the token. */
export abstract class TokenError extends DurableError {
  /**
   * @param details for the operator
   * @param cause the error of other code that led to this one
   */
  constructor(details: string, cause?: unknown) {
    const options = cause === undefined ? undefined : { cause };
    super("This token can't be used here.", new Error(details, options));
  }
}

/** A text isn't a token, or wasn't sealed with one of the keys. */
export class TokenForgedError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_FORGED" {
    return "DURABLE_FORGED";
  }
}

/** A token names a key that the key ring doesn't have. */
export class UnknownKeyError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_UNKNOWN_KEY" {
    return "DURABLE_UNKNOWN_KEY";
  }
}

/** A token's time is over. */
export class TokenExpiredError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_EXPIRED" {
    return "DURABLE_EXPIRED";
  }
}

/** A token was revoked, or all tokens of its owner were. */
export class TokenRevokedError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_REVOKED" {
    return "DURABLE_REVOKED";
  }
}

/** A token is for another audience. */
export class AudienceError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_AUDIENCE" {
    return "DURABLE_AUDIENCE";
  }
}

/** A token is for an object of a class that isn't among the durable classes. */
export class UnknownClassError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_UNKNOWN_CLASS" {
    return "DURABLE_UNKNOWN_CLASS";
  }
}

/** A class refused or failed to recreate its object, or took too long. */
export class RestoreError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_RESTORE" {
    return "DURABLE_RESTORE";
  }
}

/** Too many objects are being recreated. The token may work later. */
export class RestoreBusyError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_BUSY" {
    return "DURABLE_BUSY";
  }
}

/** The store of revocations failed. The token may work later. */
export class StoreError extends TokenError {
  /** The same for every error of this class. */
  get code(): "DURABLE_STORE" {
    return "DURABLE_STORE";
  }
}

/** A capability can't be sealed. The message says why. */
export class UnsealableError extends DurableError {
  /** The same for every error of this class. */
  get code(): "DURABLE_UNSEALABLE" {
    return "DURABLE_UNSEALABLE";
  }
}
