import { RpcPromise, type RpcStub } from "@capnweb/core";
import { Following, type FollowingPolicy } from "@capnweb/core/following";
import { KeptCapability, type KeptOptions } from "@capnweb/durable/client";
import { DerivationError } from "./errors.ts";
import type { LiveSession } from "./live-session.ts";

/** Derives a capability from a session's main object. */
export type Derivation = (api: any) => unknown;

/** A stub that is derived again on each session. */
export class KeptStub {
  readonly following: Following<any>;
  readonly #derive: Derivation;
  /** The token for the capability, if the server offers one. */
  readonly #capability: KeptCapability<any>;
  /** The session that the stub was last derived on. */
  #session: LiveSession | undefined;

  /** @param onDisposed called when the application needs the stub no longer */
  constructor(
    derive: Derivation,
    options: KeptOptions,
    policy: FollowingPolicy,
    onDisposed: () => void,
  ) {
    this.#derive = derive;
    this.#capability = new KeptCapability(derive as never, options);
    this.following = new Following(policy, onDisposed);
  }

  /** Derives the stub on a session, and makes the calls that wait for it. */
  deriveOn(live: LiveSession): void {
    this.#session = live;
    const api = live.session.getRemoteMain().dup() as RpcStub<any>;
    let derived: unknown;
    try {
      // Waiting for a token's capability takes a round trip, which deriving may not need.
      derived = this.#capability.token ? this.#capability.obtain(api) : this.#derive(api);
    } catch (error) {
      api[Symbol.dispose]();
      this.#fail(error);
      return;
    }
    if (derived instanceof Promise) void this.#deriveLater(derived, api, live);
    else this.#follow(derived, api, live);
  }

  /** Asks a server that may offer tokens for one, which saves the next session the derivation. */
  #remember(live: LiveSession): void {
    if (!live.line.offersTokens || this.#capability.token) return;
    // As a promise, for which the server waits: a result that is still to come has no token.
    const capability = new RpcPromise<any>(this.following.stub as never);
    void this.#capability.remember(live.session.getRemoteMain(), capability);
  }

  async #deriveLater(promise: Promise<unknown>, api: RpcStub<any>, live: LiveSession) {
    try {
      const derived = await promise;
      if (this.#session === live) this.#follow(derived, api, live);
      else disposeOf(derived);
    } catch (error) {
      // A failure because the session was lost isn't the derivation's.
      if (this.#session === live && !live.end) this.#fail(error);
    } finally {
      api[Symbol.dispose]();
    }
  }

  #follow(derived: unknown, api: RpcStub<any>, live: LiveSession): void {
    this.following.follow(derived, live.followed, (error) => {
      if (this.#session === live) this.#fail(error);
    });
    if (derived !== api) api[Symbol.dispose]();
    this.#remember(live);
  }

  #fail(error: unknown): void {
    this.following.end(new DerivationError(error));
  }

  /** Goes on with a session that was resumed, which the stub may not have been derived on yet. */
  proceedOn(live: LiveSession): void {
    if (this.#session === live) this.following.proceed();
    else this.deriveOn(live);
  }

  /** Has calls wait for the next session. */
  leave(): void {
    this.#session = undefined;
    this.following.leave();
  }
}

function disposeOf(value: unknown): void {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return;
  (value as Partial<Disposable>)[Symbol.dispose]?.();
}
