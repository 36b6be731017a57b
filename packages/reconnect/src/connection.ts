import { callOptions, type RpcCompatible, type RpcStub } from "@capnweb/core";
import type { Following } from "@capnweb/core/following";
import { checkOptions } from "@capnweb/core/options";
import type { KeptOptions } from "@capnweb/durable/client";
import { abortable } from "./abortable.ts";
import { platformClock } from "./clock.ts";
import { ConnectionClosedError } from "./errors.ts";
import { Followers } from "./followers.ts";
import type { Derivation } from "./kept-stub.ts";
import { OfflineCalls } from "./offline-calls.ts";
import { KEEP_RULES } from "./option-rules.ts";
import type { ConnectOptions } from "./options.ts";
import { RetryBudget } from "./retry-budget.ts";
import {
  type ConnectionState,
  ConnectionStateEvent,
  type Outcome,
  type StateChange,
} from "./state.ts";
import { StateEvents } from "./state-events.ts";
import { Supervisor } from "./supervisor.ts";

/**
 * A connection that comes back, made by `connect()`. It resumes a session that was interrupted, or
 * replaces one that was lost. Dispatches `statechange` events: exactly two for each outage, at its
 * begin and its end.
 *
 * @typeParam T the peer's main object
 */
export class Connection<T extends RpcCompatible<T>> extends StateEvents implements Disposable {
  readonly #options: ConnectOptions;
  readonly #offline: OfflineCalls;
  readonly #followers: Followers<T>;
  readonly #supervisor: Supervisor<T>;
  readonly #api: RpcStub<T>;
  #current: StateChange = { state: "connecting" };
  #outcome: Outcome | undefined;

  /** For `connect()` only. */
  constructor(options: ConnectOptions) {
    super();
    const { clock = platformClock, call } = options;
    this.#options = options;
    const budget = new RetryBudget(options.retryBudget ?? {}, clock);
    const reason = () => this.#supervisor.reason;
    this.#offline = new OfflineCalls(options.offline ?? {}, budget, clock, reason);
    this.#followers = new Followers<T>(this.#offline, () => this.close());
    const { stub } = this.#followers.main;
    this.#api = call ? callOptions(stub, call) : stub;
    this.#supervisor = new Supervisor(options, clock, this.#followers, (change) =>
      this.#tell(change),
    );
    this.#supervisor.start();
  }

  /**
   * The stub of the peer's main object, the same for ever. Calls on it wait while there is no
   * connection. Disposing of it closes the connection. `onRpcBroken` calls back when the connection
   * is closed.
   */
  get api(): RpcStub<T> {
    return this.#api;
  }

  /** The current state. */
  get state(): ConnectionState {
    return this.#current.state;
  }

  /** The end of the last outage; `undefined` before the first one. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** The name of the current session, which is another one after each restore. Random. */
  get epoch(): string | undefined {
    return this.#current.epoch;
  }

  /** The number of calls that wait for a connection. */
  get waiting(): number {
    return this.#offline.size;
  }

  /** The number of results of calls on `api` and on kept stubs that are waited for. */
  get underWay(): number {
    return this.#supervisor.underWay;
  }

  /**
   * Keeps a capability across restores: `derive` runs on each new session, before the calls that
   * wait on `api` are made.
   *
   * The stub behaves as the derived object does. Calls may be made at once. Its `onRpcBroken` calls
   * back when the connection is closed, or when the derivation fails, which ends the stub with a
   * `DerivationError`.
   *
   * A server may offer tokens for its capabilities (`@capnweb/durable`). Later sessions then get
   * the capability by its token, and `derive` runs only if the server refuses that. Give effects,
   * such as the registration of a listener, a `keep()` of their own: `keep(() => room.listen(me))`.
   *
   * @param derive gets the main stub of the session, which it doesn't own; returns a stub or
   *   promise, which it hands over. It may be asynchronous
   * @param options a token to start with, and a listener that stores tokens
   * @returns a stub for the caller to dispose of. It is then no longer derived
   * @throws TypeError if `derive` isn't a function, for an unknown option, and for a wrong value
   *
   * @example
   * ```ts
   * using room = connection.keep((api) => api.authenticate(token).room("42"));
   * await room.say("hello");
   * ```
   */
  keep<R>(derive: (api: RpcStub<T>) => R, options: KeptOptions = {}): RpcStub<Awaited<R>> {
    if (typeof derive !== "function") {
      throw new TypeError(
        "keep() needs a function that derives a stub: keep((api) => api.room()).",
      );
    }
    checkOptions("keep()", options, KEEP_RULES);
    const { following } = this.#followers.keep(derive as Derivation, options);
    if (this.state === "closed") following.end(this.#closedError());
    const { call } = this.#options;
    const stub = call ? callOptions(following.stub, call) : following.stub;
    return stub as unknown as RpcStub<Awaited<R>>;
  }

  /**
   * Checks the connection now: probes it if it is open, else connects without a delay. Call it when
   * something says that the network has changed.
   */
  check(): void {
    this.#supervisor.check();
  }

  /**
   * Waits until the connection is open.
   *
   * @param signal ends the wait
   * @throws ConnectionClosedError if the connection is closed
   * @throws the signal's reason
   */
  async ready(signal?: AbortSignal): Promise<void> {
    while (this.state !== "open") {
      if (this.state === "closed") throw this.#closedError();
      const changed = new Promise((resolve) =>
        this.addEventListener("statechange", resolve, { once: true }),
      );
      await (signal ? abortable(changed, signal) : changed);
    }
  }

  /**
   * Closes the connection for good. Calls that wait, or are under way, fail with a
   * `ConnectionClosedError`. Idempotent.
   *
   * @param reason the cause of these errors
   */
  close(reason?: unknown): void {
    this.#supervisor.close(reason);
  }

  /** Does the same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The main stub, as a pool spreads calls over it. For this package only. */
  get followed(): Following<T> {
    return this.#followers.main;
  }

  #tell(change: StateChange): void {
    this.#current = change;
    if (change.outcome) this.#outcome = change.outcome;
    if (change.state === "closed") this.#offline.stop();
    this.dispatchEvent(new ConnectionStateEvent(change));
  }

  #closedError(): ConnectionClosedError {
    return new ConnectionClosedError("never", this.#supervisor.reason);
  }
}
