import type { RpcPromise, RpcStub } from "@capnweb/core";
import { type OfferedToken, REFUSED, SERVICE } from "../service.ts";

/** Characters of the longest token that is kept. By default, those of servers have up to 4,096. */
const MAX_TOKEN_SIZE = 65_536;

/** A token for a capability. A program that has it can have the capability, so keep it secret. */
export interface KeptToken {
  readonly token: string;
  /** The time at which it expires by this side's clock, in milliseconds since 1970. */
  readonly expires: number;
}

/** The options of a {@link KeptCapability}. */
export interface KeptOptions {
  /** A token from an earlier process or page, to start with. */
  readonly token?: KeptToken | undefined;
  /**
   * Called with each new token, and with `undefined` once one was refused, to store it. Its errors
   * are ignored.
   */
  readonly onToken?: ((token: KeptToken | undefined) => void) | undefined;
  /** The current time in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * A capability that a client has again in each new session. In the first one, it is derived from
 * the main object. If the server offers tokens (`offerDurable()` of `@capnweb/durable`), later
 * sessions get it by its token, without another login, also after a restart of the server.
 * Otherwise it is derived again.
 *
 * @typeParam T the capability's type
 * @typeParam M the type of the main object
 *
 * @example
 * ```ts
 * const room = new KeptCapability<Room, Api>((api) => api.authenticate(password).room("42"));
 * using first = await room.obtain(api);
 * // After the connection was lost:
 * using again = await room.obtain(newApi);
 * ```
 */
export class KeptCapability<T, M = any> {
  readonly #derive: (main: RpcStub<M>) => RpcStub<T> | PromiseLike<RpcStub<T>>;
  readonly #onToken: KeptOptions["onToken"];
  readonly #now: () => number;
  #token: KeptToken | undefined;

  /** @param derive gets the capability from the main object of a new session */
  constructor(
    derive: (main: RpcStub<M>) => RpcStub<T> | PromiseLike<RpcStub<T>>,
    options: KeptOptions = {},
  ) {
    this.#derive = derive;
    this.#token = options.token;
    this.#onToken = options.onToken;
    this.#now = options.now ?? Date.now;
  }

  /** The current token, if there is one. */
  get token(): KeptToken | undefined {
    return this.#token;
  }

  /**
   * Gets the capability in a session, and then asks for a new token.
   *
   * @param main the session's main object; it stays the caller's
   * @returns a stub that the caller disposes of
   * @throws the error of the derivation, or of a session that ends meanwhile
   */
  async obtain(main: RpcStub<M>): Promise<RpcStub<T>> {
    const stub = (await this.#unseal(main)) ?? (await this.#derive(main));
    // The caller may dispose of the stub at once.
    const copy = stub.dup() as RpcStub<T>;
    void this.remember(main, copy).finally(() => copy[Symbol.dispose]());
    return stub;
  }

  /**
   * Asks for a token for the capability. {@link obtain} does so too; call this to renew a token in
   * a session that lasts.
   *
   * @param capability it stays the caller's. The server waits for a promise, but not for a stub of
   *   a result that is still to come, which has no token yet
   * @returns a promise that never rejects. Without a new token, the old one stays
   */
  async remember(main: RpcStub<M>, capability: RpcStub<T> | RpcPromise<T>): Promise<void> {
    try {
      const offered = await serviceOf(main).seal(capability);
      const { token, expiresIn } = offered ?? {};
      disposeOf(offered);
      // A server may send anything.
      const isToken = typeof token === "string" && token.length <= MAX_TOKEN_SIZE;
      if (!isToken || typeof expiresIn !== "number" || !(expiresIn > 0)) return;
      this.#set({ token, expires: this.#now() + expiresIn });
    } catch {
      // The server doesn't offer tokens, or the session has ended.
    }
  }

  /** @returns `undefined` if the capability must be derived */
  async #unseal(main: RpcStub<M>): Promise<RpcStub<T> | undefined> {
    const kept = this.#token;
    if (!kept || kept.expires <= this.#now()) return undefined;
    try {
      return await serviceOf(main).unseal(kept.token);
    } catch (error) {
      // It works no more, unlike after other errors.
      const isRefused = (error as { code?: unknown } | null)?.code === REFUSED;
      if (isRefused && this.#token === kept) this.#set(undefined);
      return undefined;
    }
  }

  #set(token: KeptToken | undefined): void {
    this.#token = token;
    try {
      this.#onToken?.(token);
    } catch {
      // A session goes on without a stored token.
    }
  }
}

/** The members of the service that this side calls. */
interface Service {
  seal(capability: unknown): OfferedToken | undefined;
  unseal(token: string): any;
}

/** The service of a main object, which may not have one. Then calls on it fail. */
function serviceOf(main: unknown) {
  return (main as RpcStub<{ readonly [SERVICE]: Service }>)[SERVICE];
}

function disposeOf(offered: unknown): void {
  (offered as Partial<Disposable> | null | undefined)?.[Symbol.dispose]?.();
}
