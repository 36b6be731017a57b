import { BrokenListener, type StopListening, stopOf } from "../broken-listener.ts";
import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import type { RpcCompatible, RpcStub } from "../types/index.ts";
import type { Lifetime } from "./lifetime.ts";

/** The number of references that each side of a session holds; see {@link BaseSession.getStats}. */
export interface RpcSessionStats {
  /** References of this side: the peer's main object, stubs, and pending results. */
  imports: number;
  /** References of the peer: this side's main object, stubs, and pending results. */
  exports: number;
}

/** The options of a session that concern its start. */
export interface StartOptions {
  readonly onSession?: ((session: BaseSession<any>) => void) | undefined;
  readonly onError?: ErrorListener | undefined;
}

/** The parts of a session that an application has a use for. */
export interface SessionParts {
  readonly runtime: Runtime;
  readonly lifetime: Lifetime;
  readonly imports: { readonly size: number };
  readonly exports: { readonly size: number };
  /** The object that the application knows the session by, once there is one. */
  face: BaseSession<any> | undefined;
  main(): StubHook;
}

/**
 * A session, whichever function started it: its main stub, its statistics, its end. The option
 * `onSession` receives it.
 *
 * @typeParam T the peer's main object
 *
 * @example
 * ```ts
 * const api = newWebSocketRpcSession<Api>("wss://example.com/api", undefined, {
 *   onSession(session) {
 *     session.onClose((reason) => console.warn("disconnected", reason));
 *   },
 * });
 * ```
 */
export class BaseSession<T extends RpcCompatible<T> = undefined> {
  readonly #parts: SessionParts;
  #main: unknown;
  #signal: AbortSignal | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    parts.face = this;
  }

  /** The stub of the peer's main object: the same each time. Disposing of it ends the session. */
  getRemoteMain(): RpcStub<T> {
    this.#main ??= this.#parts.runtime.makeStub(this.#parts.main());
    return this.#main as RpcStub<T>;
  }

  /** The sizes of the session's tables. Both are 1 where nothing but the main objects is held. */
  getStats(): RpcSessionStats {
    return { imports: this.#parts.imports.size, exports: this.#parts.exports.size };
  }

  /**
   * Aborts when the session ends, by whatever cause; its reason is the session's. Made when it is
   * first read. An error that a listener of the signal throws is uncaught, as with any signal.
   *
   * @example
   * ```ts
   * const rows = await database.query(sql, { signal: session.signal });
   * ```
   */
  get signal(): AbortSignal {
    if (!this.#signal) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      this.onClose((reason) => controller.abort(reason));
    }
    return this.#signal;
  }

  /**
   * Calls `callback` once, with the reason, when the session ends; at once if it has ended. It runs
   * among the callbacks of `onRpcBroken`, in the order in which all were registered. An error that
   * it throws goes to the session's `onError`.
   *
   * @returns a function that unregisters the callback, `Disposable` as well
   */
  onClose(callback: (reason: unknown) => void): StopListening {
    const listener = new BrokenListener(callback);
    this.#parts.lifetime.onBroken(listener);
    return stopOf(listener);
  }
}

/** Gives a session that has started to the application's `onSession`. */
export function tellStarted(session: unknown, { onSession, onError }: StartOptions): void {
  if (onSession) runCallback("onSession", () => onSession(session as BaseSession<any>), onError);
}
