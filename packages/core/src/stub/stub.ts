import { BrokenListener, type StopListening, stopOf } from "../broken-listener.ts";
import { deliverResult } from "../local/deliver.ts";
import { currentRecorder } from "../map/ambient.ts";
import { disposeHandle, disposePromise, takeHook } from "../model/dispose-handle.ts";
import { handleIfStub, handleOf } from "../model/handle.ts";
import type { Runtime } from "../model/runtime.ts";
import { isThenable } from "../promise/awaited.ts";
import { listenTo } from "../promise/deferred.ts";
import { RpcTarget } from "../target.ts";

/**
 * The members of stubs: the names that a stub answers itself instead of sending them to the peer.
 * An instance is always a proxy (see `proxy.ts`). All runtimes share the members, so that every
 * runtime knows the stubs of every other one.
 */
class StubMembers {
  /** Makes another stub for the same target. It works until it is disposed of itself. */
  dup(): unknown {
    const handle = handleOf(this);
    const hook = handle.dup();
    hook.handedOver();
    return handle.runtime.makeStub(hook);
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
    const { hook, path, runtime } = handleOf(this);
    return runtime.makePromise(
      currentRecorder()?.map(hook, path, callback) ??
        runtime.maps.record(hook, path, callback, runtime),
    );
  }

  [Symbol.dispose](): void {
    disposeHandle(handleOf(this));
  }

  get [Symbol.toStringTag](): string {
    return "RpcStub";
  }
}

/** The members of promises. */
class PromiseMembers extends StubMembers {
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
}

// Programs tell by its class that a value goes by reference, as they do with `capnweb`.
Object.setPrototypeOf(StubMembers.prototype, RpcTarget.prototype);

/** The prototype of all stubs. */
export const STUB: object = StubMembers.prototype;

/** The prototype of all promises. */
export const PROMISE: object = PromiseMembers.prototype;

/** A class of stubs or promises, as an application sees it. */
export interface StubClass {
  new (value: unknown): object;
  readonly prototype: object;
}

/**
 * Makes the classes whose instances belong to a runtime. The classes of all runtimes have the same
 * prototypes, so `instanceof` doesn't tell runtimes apart.
 */
export function stubClasses(runtime: Runtime): { RpcStub: StubClass; RpcPromise: StubClass } {
  // Functions, because the prototype of a class can't be replaced.
  const make = (value: unknown, made: { readonly prototype: object } | undefined): object => {
    if (!made) throw new TypeError("Stubs and promises are made with new.");
    return made.prototype === PROMISE ? promiseOf(runtime, value) : stubOf(runtime, value);
  };
  function RpcStub(value: unknown): object {
    return make(value, new.target);
  }
  function RpcPromise(value: unknown): object {
    return make(value, new.target);
  }
  RpcStub.prototype = STUB;
  RpcPromise.prototype = PROMISE;
  return { RpcStub, RpcPromise } as unknown as ReturnType<typeof stubClasses>;
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
