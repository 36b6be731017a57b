import type { RpcCompatible } from "@capnweb/core";
import { Following, type FollowingPolicy } from "@capnweb/core/following";
import type { KeptOptions } from "@capnweb/durable/client";
import { type Derivation, KeptStub } from "./kept-stub.ts";
import type { LiveSession } from "./live-session.ts";

/** The stubs that follow a connection from session to session: the main stub, and kept ones. */
export class Followers<T extends RpcCompatible<T>> {
  readonly main: Following<T>;
  readonly #policy: FollowingPolicy;
  readonly #kept = new Set<KeptStub>();
  #live: LiveSession | undefined;
  #isPaused = false;

  /** @param onDisposed called when the application has given up the main stub */
  constructor(policy: FollowingPolicy, onDisposed: () => void) {
    this.#policy = policy;
    this.main = new Following<T>(policy, onDisposed);
  }

  keep(derive: Derivation, options: KeptOptions): KeptStub {
    const kept = new KeptStub(derive, options, this.#policy, () => this.#kept.delete(kept));
    this.#kept.add(kept);
    if (this.#live && !this.#isPaused) kept.deriveOn(this.#live);
    return kept;
  }

  /**
   * Makes calls on a session from now on, those that wait first. Kept stubs come before the main
   * stub, because the calls that wait may need what deriving them does, such as logging in.
   */
  follow(live: LiveSession): void {
    this.#live = live;
    this.#isPaused = false;
    for (const kept of this.#kept) kept.deriveOn(live);
    // Deriving may have ended the session, or closed the connection.
    if (this.#live !== live) return;
    this.main.follow(live.session.getRemoteMain().dup(), live.followed);
  }

  /** Has calls wait, because the session is interrupted. */
  pause(): void {
    this.#isPaused = true;
    for (const kept of this.#kept) kept.following.pause();
    this.main.pause();
  }

  /** Makes the calls that wait on the same session, which was resumed. */
  proceed(): void {
    const live = this.#live!;
    this.#isPaused = false;
    for (const kept of this.#kept) kept.proceedOn(live);
    this.main.proceed();
  }

  /** Has calls wait for another session, because this one was lost. */
  leave(): void {
    this.#live = undefined;
    for (const kept of this.#kept) kept.leave();
    this.main.leave();
  }

  /** Fails all calls, now and later. */
  end(error: unknown): void {
    this.#live = undefined;
    this.main.end(error);
    for (const kept of this.#kept) kept.following.end(error);
    this.#kept.clear();
  }
}
