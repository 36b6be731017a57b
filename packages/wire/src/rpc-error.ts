import { defineHidden } from "./objects.ts";

/** Facts about a failure that an {@link RpcError} carries besides its message. */
export interface RpcErrorOptions<D = unknown> {
  /**
   * A plain value that travels with the error: anything that can be an argument, except stubs,
   * functions, targets and streams. A value that can't travel is left out.
   */
  readonly data?: D;
  /** Tells this failure from others in a program; applications choose it. */
  readonly code?: string | number;
  /** The error or value that led to this one; it is sent as well. */
  readonly cause?: unknown;
}

/**
 * An error with data for the caller. Properties of other errors travel only if their class or the
 * session names them. The `data` of an `RpcError` always travels. The caller gets an `RpcError`; in
 * another implementation, a plain `Error` with the same `data` and `code`.
 *
 * @typeParam D the type of `data`. Of a received error, it is the type that the peer ought to send
 *
 * @example
 * ```ts
 * class Account extends RpcTarget {
 *   withdraw(amount: number) {
 *     throw new RpcError("Not enough credit.", { code: "NO_CREDIT", data: { balance: 3 } });
 *   }
 * }
 *
 * try {
 *   await account.withdraw(5);
 * } catch (error) {
 *   if (error instanceof RpcError && error.code === "NO_CREDIT") console.log(error.data);
 * }
 * ```
 */
export class RpcError<D = unknown> extends Error {
  /** The names of the own properties that travel. */
  declare static readonly rpcProperties: readonly string[];

  /** The data for the caller; `undefined` if there is none. */
  declare readonly data?: D;
  /** The code that tells this failure from others; `undefined` if there is none. */
  declare readonly code?: string | number;

  /** @param message is sent; it must not tell the peer more than it may know */
  constructor(message?: string, options: RpcErrorOptions<D> = {}) {
    super(message, options);
    for (const key of ["data", "code"] as const) {
      if (options[key] !== undefined) Object.assign(this, { [key]: options[key] });
    }
  }
}

// TypeScript compiles a static field to a static block, which React Native's Babel preset refuses.
Object.assign(RpcError, { rpcProperties: ["data"] });
// On the prototype, like the names of the built-in classes.
defineHidden(RpcError.prototype, "name", "RpcError");
