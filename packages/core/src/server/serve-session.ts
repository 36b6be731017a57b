import "../contexts/install.ts";
import { LimitError, resolveLimits } from "@capnweb/wire";
import { BrokenListener } from "../broken-listener.ts";
import { runtime } from "../default-runtime.ts";
import { handleIfStub } from "../model/handle.ts";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import { Deferred } from "../promise/deferred.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import { innerSession, RpcSession } from "../rpc-session.ts";
import type { RpcSessionOptions } from "../session/options.ts";
import type { Session } from "../session/session.ts";
import type { Transport } from "../transport.ts";
import type { RpcCompatible } from "../types/index.ts";
import { reportError, reportLimit } from "./report-error.ts";
import { type CancelTimeout, setOptionalTimeout } from "./timeout.ts";

/** Options of {@link serveSession}. */
export interface ServeSessionOptions extends RpcSessionOptions {
  /**
   * Milliseconds that `createMain` may take before the session ends: the rest of the server's
   * `openTimeout`. Default: no limit.
   */
  mainTimeout?: number | undefined;
  /**
   * The client's network, as {@link networkOf} returns it. If the process exceeds
   * `limits.maxProcessHeldBytes`, the sessions of one network are weighed together. Default: none,
   * so that the session counts as a network of its own.
   */
  network?: string | undefined;
  /** The medium, such as `"websocket"`, for code that observes sessions. Default: none. */
  medium?: string | undefined;
}

/**
 * Starts a server's session, and makes its main object once the session exists. `createMain` may
 * call the client, and may be asynchronous. The client's calls that arrive meanwhile wait for the
 * main object, in order.
 *
 * The limits default to those of the profile `"server"`. An error of `createMain` goes to
 * `options.onError`, never to the client.
 *
 * @typeParam T the client's main object
 * @param transport carries the messages; the session owns it
 * @param createMain makes the main object. The session owns it, and disposes of it even if the
 *   session ends in the meantime
 * @param onFailure called after `createMain` failed or took too long, with a reason that the
 *   client may learn. The session is over by then; the caller closes the medium
 * @returns the session
 *
 * @example
 * ```ts
 * serveSession(transport, async () => new Api(await connect()), {}, (reason) => {
 *   socket.close(1011, reason);
 * });
 * ```
 */
export function serveSession<T extends RpcCompatible<T> = undefined>(
  transport: Transport,
  createMain: (session: RpcSession<T>) => unknown,
  options: ServeSessionOptions,
  onFailure: (reason: string) => void,
): RpcSession<T> {
  const limits = resolveLimits(options.limits, "server");
  // Sessions in general don't have this option, so passing it on needs a name.
  const own = { ...options, limits };
  const session = new RpcSession<T>(transport, undefined, own);
  const inner = innerSession(session);
  let hasFailed = false;
  const fail = (error: unknown, said = "The server failed to start the session.") => {
    reportError(error, options.onError);
    if (hasFailed) return;
    hasFailed = true;
    const reason = new Error("The server failed to make the session's main object.");
    // Ends the session at once. Messages that wait would wait for the main object.
    inner.ended({ ends: "medium", reason });
    onFailure(said);
  };
  try {
    const main = createMain(session);
    if (isThenable(main)) {
      const timeout = setOptionalTimeout(() => {
        const message = `createMain took longer than ${options.mainTimeout} ms (openTimeout).`;
        const error = new LimitError(message, "openTimeout");
        reportLimit(error, options);
        fail(error, "The server didn't start the session within its openTimeout.");
      }, options.mainTimeout);
      inner.lifetime.onBroken(new BrokenListener(timeout));
      setLater(main, (hook) => setMain(inner, hook), timeout, fail);
    } else if (main !== undefined) {
      setMain(inner, runtime.hookOfHandedIn(main));
    }
  } catch (error) {
    fail(error);
  }
  return session;
}

/**
 * Exports `hook` as the main object, in place of the previous one, and takes it over. If a promise
 * of the same object is the main object, and the peer has pulled it, the promise stays.
 */
function setMain({ exports, lifetime, onError }: Session, hook: StubHook): void {
  // Its disposer may fail, now or later.
  if (onError) hook.reportTo(onError);
  const entry = lifetime.over ? undefined : exports.entry(0);
  // The peer may also have released it.
  if (!entry || entry.pulled) {
    hook.dispose(lifetime.over);
    return;
  }
  const before = entry.hook;
  entry.hook = hook;
  before.dispose();
}

/** Keeps the calls that arrive before `main` is there. */
function setLater(
  main: PromiseLike<unknown>,
  setMain: (hook: StubHook) => void,
  cancelTimeout: CancelTimeout,
  fail: (error: unknown) => void,
): void {
  const deferred = new Deferred();
  setMain(new PromiseHook(deferred));
  Promise.resolve(main)
    .then((value) => {
      cancelTimeout();
      const hook = runtime.hookOfHandedIn(value);
      deferred.settle(hook.dup());
      // From now on, the client's calls skip the promise.
      setMain(hook);
    })
    .catch((error: unknown) => {
      cancelTimeout();
      deferred.settle(new ErrorHook(error));
      fail(error);
    });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (handleIfStub(value)) return false;
  return typeof (value as Partial<PromiseLike<unknown>> | undefined)?.then === "function";
}
