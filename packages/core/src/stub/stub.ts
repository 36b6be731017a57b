import { BrokenListener, type StopListening, stopOf } from "../broken-listener.ts";
import { deliverResult } from "../local/deliver.ts";
import { currentRecorder } from "../map/ambient.ts";
import { recordMap } from "../map/recorder.ts";
import { disposeHandle, disposePromise, takeHook } from "../model/dispose-handle.ts";
import { handleIfStub, handleOf } from "../model/handle.ts";
import type { Runtime } from "../model/runtime.ts";
import { isThenable } from "../promise/awaited.ts";
import { listenTo } from "../promise/deferred.ts";
import { RpcTarget } from "../target.ts";

/**
 * Makes the classes of the stubs and promises that applications see. An instance is always a proxy
 * (see `proxy.ts`). The members here are the names that a stub answers itself instead of sending
 * them to the peer.
 */
export function createStubClasses(runtime: Runtime) {
  const RpcStub = stubClass(runtime, (value, { prototype }) =>
    prototype === RpcPromise.prototype ? promiseOf(runtime, value) : stubOf(runtime, value),
  );
  const RpcPromise = promiseClass(RpcStub);
  // Programs tell by its class that a value goes by reference, as they do with `capnweb`.
  Object.setPrototypeOf(RpcStub.prototype, RpcTarget.prototype);
  return { RpcStub, RpcPromise };
}

/**
 * @param proxyOf makes the proxy of a value, as an instance of `made` or of a class derived from
 *   it
 */
function stubClass(
  runtime: Runtime,
  proxyOf: (value: unknown, made: { readonly prototype: object }) => object,
) {
  return class RpcStub {
    constructor(value: unknown) {
      // biome-ignore lint/correctness/noConstructorReturn: a stub is always a proxy
      return proxyOf(value, new.target) as RpcStub;
    }

    /** Makes another stub for the same target. It works until it is disposed of itself. */
    dup(): unknown {
      const hook = handleOf(this).dup();
      hook.handedOver();
      return runtime.makeStub(hook);
    }

    /**
     * Calls `callback` once if this can never work again.
     *
     * @returns a function that unregisters the callback
     */
    onRpcBroken(callback: (error: unknown) => void): StopListening {
      const listener = new BrokenListener(callback);
      // A property breaks with its object, because asking for the property would fetch it.
      listenTo(handleOf(this).hook, listener);
      return stopOf(listener);
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
  };
}

function promiseClass(RpcStub: ReturnType<typeof stubClass>) {
  return class RpcPromise extends RpcStub {
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

    override [Symbol.dispose](): void {
      disposePromise(handleOf(this));
    }

    override get [Symbol.toStringTag](): string {
      return "RpcPromise";
    }
  };
}

/**
 * Makes a stub of a value. A stub of another stub shares its reference: both work until one of them
 * is disposed of.
 */
function stubOf(runtime: Runtime, value: unknown): object {
  const hook = handleIfStub(value)?.target() ?? runtime.hookOfHandedIn(value);
  return runtime.makeStub(hook);
}

/**
 * Makes a promise of a value. A promise of another promise takes over its reference, and asks for
 * nothing.
 */
function promiseOf(runtime: Runtime, value: unknown): object {
  const handle = handleIfStub(value);
  if (!handle) {
    const hook = isThenable(value) ? runtime.hookOfPromise(value) : runtime.hookOfHandedIn(value);
    return runtime.makePromise(hook);
  }
  if (!runtime.isPromise(value)) return runtime.makePromise(handle.target());
  const { path } = handle;
  const hook = takeHook(handle);
  return path.length === 0 ? runtime.makePromise(hook) : runtime.makePromise(hook, path, "owns");
}
