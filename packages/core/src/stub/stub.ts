import { BrokenListener } from "../broken-listener.ts";
import { isThenable } from "../hooks/awaited.ts";
import { currentRecorder } from "../map/ambient.ts";
import { recordMap } from "../map/recorder.ts";
import { deliverResult } from "../payload/deliver.ts";
import type { Runtime } from "../runtime.ts";
import { handleOf } from "./handle.ts";
import { disposeHandle } from "./proxy.ts";

/**
 * The classes whose instances applications see as stubs and promises. An instance is always a proxy
 * (see `proxy.ts`); the members here are the names that a stub answers itself instead of sending
 * them to the peer.
 */
export function createStubClasses(runtime: Runtime) {
  class RpcStub {
    constructor(value: unknown) {
      const isPromise = new.target === RpcPromise;
      const hook =
        isPromise && isThenable(value)
          ? runtime.hookOfPromise(value)
          : runtime.hookOfHandedIn(value);
      const proxy = isPromise ? runtime.makePromise(hook) : runtime.makeStub(hook);
      // biome-ignore lint/correctness/noConstructorReturn: a stub is a proxy, whoever makes it
      return proxy as RpcStub;
    }

    /** A stub of its own for the same thing: it works until it is disposed itself. */
    dup(): unknown {
      return runtime.makeStub(handleOf(this).dup());
    }

    /** Calls `callback` once if this can never work again; gives what stops that. */
    onRpcBroken(callback: (error: unknown) => void): (() => void) & Disposable {
      const listener = new BrokenListener(callback);
      // A property breaks with what it is a property of: asking for it would fetch it.
      handleOf(this).hook.onBroken(listener);
      const stop = () => listener.stop();
      return Object.assign(stop, { [Symbol.dispose]: stop });
    }

    /** Applies `callback`, recorded, where the value is. */
    map(callback: (placeholder: unknown) => unknown): unknown {
      const { hook, path } = handleOf(this);
      return runtime.makePromise(
        currentRecorder()?.map(hook, path, callback) ?? recordMap(hook, path, callback, runtime),
      );
    }

    [Symbol.dispose](): void {
      disposeHandle(handleOf(this));
    }

    get [Symbol.toStringTag](): string {
      return "RpcStub";
    }
  }

  class RpcPromise extends RpcStub {
    // biome-ignore lint/suspicious/noThenProperty: being awaitable is what it is for
    then(
      onFulfilled?: ((value: unknown) => unknown) | null,
      onRejected?: ((reason: unknown) => unknown) | null,
    ): Promise<unknown> {
      return deliverResult(handleOf(this).target()).then(onFulfilled, onRejected);
    }

    catch(onRejected?: ((reason: unknown) => unknown) | null): Promise<unknown> {
      return this.then(undefined, onRejected);
    }

    finally(onFinally?: (() => void) | null): Promise<unknown> {
      return deliverResult(handleOf(this).target()).finally(onFinally);
    }

    override get [Symbol.toStringTag](): string {
      return "RpcPromise";
    }
  }

  return { RpcStub, RpcPromise };
}
