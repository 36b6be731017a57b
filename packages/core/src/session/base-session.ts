import { BrokenListener, type StopListening, stopOf } from "../broken-listener.ts";
import type { StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { type ErrorListener, runCallback } from "../report.ts";
import type { IsAny } from "../types/brands.ts";
import type { RpcCompatible, RpcStub } from "../types/index.ts";
import type { Lifetime } from "./lifetime.ts";

/** The number of references that each side of a session holds; see {@link BaseSession.getStats}. */
export interface RpcSessionStats {
  /** The references that this side holds: the peer's main object, stubs, and pending results. */
  imports: number;
  /** The references that the peer holds: this side's main object, stubs, and pending results. */
  exports: number;
}

/** A session's options for its start. */
export interface StartOptions {
  readonly onSession?: ((session: BaseSession<any>) => void) | undefined;
  readonly onError?: ErrorListener | undefined;
}

/** The parts of a session that an application uses. */
export interface SessionParts {
  readonly runtime: Runtime;
  readonly lifetime: Lifetime;
  readonly imports: { readonly size: number };
  readonly exports: { readonly size: number };
  /** The object by which the application knows the session, once there is one. */
  face: BaseSession<any> | undefined;
  main(): StubHook;
}

/** The stub of a main object; `any` if nothing is known of it, so that any session fits. */
export type MainStub<T> = IsAny<T> extends true ? any : RpcStub<T>;

/**
 * Returns the parts of a session. For this package only. It is set by the first session.
 *
 * Not a `WeakMap`: until a full garbage collection, that would keep every session, and so all that
 * a batch made. Not a static block either, which React Native's Babel preset refuses.
 */
export let partsOf: (session: BaseSession<any>) => SessionParts;

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
    partsOf ??= (session) => session.#parts;
  }

  /**
   * Returns the stub of the peer's main object, the same each time. Disposing of it ends the
   * session.
   */
  getRemoteMain(): MainStub<T> {
    this.#main ??= this.#parts.runtime.makeStub(this.#parts.main());
    return this.#main as MainStub<T>;
  }

  /** Returns the sizes of the session's tables. Both are 1 if only the main objects are held. */
  getStats(): RpcSessionStats {
    return { imports: this.#parts.imports.size, exports: this.#parts.exports.size };
  }

  /**
   * Aborts when the session ends, for whatever reason; its reason is the session's. It is made when
   * it is first read. As with any signal, an error that a listener throws is uncaught.
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
   * Calls `callback` once with the reason when the session ends, or at once if it has ended. The
   * callback runs among those of `onRpcBroken`, in the order of registration. An error that it
   * throws goes to the session's `onError`.
   *
   * @returns a function that unregisters the callback. It is `Disposable` as well
   */
  onClose(callback: (reason: unknown) => void): StopListening {
    const listener = new BrokenListener(callback);
    this.#parts.lifetime.onBroken(listener);
    return stopOf(listener);
  }
}

/** Passes a session that has started to the application's `onSession`. */
export function tellStarted(session: unknown, { onSession, onError }: StartOptions): void {
  if (onSession) runCallback("onSession", () => onSession(session as BaseSession<any>), onError);
}
