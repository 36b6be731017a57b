import { DisposedError } from "../errors.ts";
import { ErrorHook, type PropertyPath, type StubHook } from "../hook.ts";
import { currentRecorder } from "../map/ambient.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { HANDLE, Handle } from "./handle.ts";

/**
 * The function object behind a proxy. It must be callable for the proxy to be, and hands out the
 * handle when called, which only the traps can do.
 */
type Behind = () => Handle;

/**
 * Makes the proxies that applications hold: one trap object for all stubs and one for all promises
 * of a runtime, so that a stub costs a proxy, a function and a handle.
 */
export class ProxyFactory {
  readonly #stubTraps: Traps;
  readonly #promiseTraps: Traps;

  constructor(runtime: Runtime, stubPrototype: object, promisePrototype: object) {
    this.#promiseTraps = new Traps(runtime, promisePrototype);
    this.#stubTraps = new Traps(runtime, stubPrototype);
    this.#stubTraps.properties = this.#promiseTraps;
    this.#promiseTraps.properties = this.#promiseTraps;
  }

  /** A stub that owns `hook`. */
  stub(hook: StubHook): object {
    return proxy(new Handle(hook, ROOT, true), this.#stubTraps);
  }

  /** A promise that owns `hook`; with a path, the promise of a property, which doesn't. */
  promise(hook: StubHook, path: PropertyPath = ROOT): object {
    return proxy(new Handle(hook, path, path.length === 0), this.#promiseTraps);
  }
}

const ROOT: readonly [] = Object.freeze([]);

function proxy(handle: Handle, traps: Traps): object {
  const behind: Behind = () => handle;
  return new Proxy(behind, traps);
}

class Traps implements ProxyHandler<Behind> {
  /** What the promises of properties are made with. */
  properties!: Traps;
  readonly #runtime: Runtime;
  readonly #prototype: object;

  constructor(runtime: Runtime, prototype: object) {
    this.#runtime = runtime;
    this.#prototype = prototype;
  }

  get(behind: Behind, key: PropertyKey, receiver: unknown): unknown {
    if (key === HANDLE) return behind();
    // Members that stubs have themselves; everything that Object.prototype has is among them, and
    // never reachable remotely.
    if (key in this.#prototype) return Reflect.get(this.#prototype, key, receiver);
    if (typeof key === "symbol") return undefined;
    // A stub must not look like a promise, or awaiting one would call the peer's "then".
    if (key === "then") return undefined;
    const { hook, path } = behind();
    return proxy(new Handle(hook, [...path, key], false), this.properties);
  }

  apply(behind: Behind, _thisArg: unknown, args: unknown[]): unknown {
    const runtime = this.#runtime;
    const { hook, path } = behind();
    const payload = Payload.borrowed(runtime, args);
    const recorder = currentRecorder();
    const result =
      recorder === undefined
        ? hook.callOrThrow(path, payload)
        : recorder.recordCall(hook, path, payload);
    return runtime.makePromise(result);
  }

  has(_behind: Behind, key: PropertyKey): boolean {
    return typeof key === "string" || key in this.#prototype;
  }

  getPrototypeOf(): object {
    return this.#prototype;
  }

  ownKeys(): [] {
    return [];
  }

  getOwnPropertyDescriptor(): undefined {
    return undefined;
  }

  set(): never {
    throw new TypeError("Can't assign properties on RPC stubs.");
  }

  defineProperty(): never {
    throw new TypeError("Can't define properties on RPC stubs.");
  }

  deleteProperty(): never {
    throw new TypeError("Can't delete properties on RPC stubs.");
  }

  setPrototypeOf(): never {
    throw new TypeError("Can't set the prototype of RPC stubs.");
  }

  preventExtensions(): boolean {
    return false;
  }
}

/** Gives up a stub's or promise's hook; what is done with it afterwards fails saying so. */
export function disposeHandle(handle: Handle): void {
  if (!handle.ownsHook || handle.disposed) return;
  handle.disposed = true;
  const { hook } = handle;
  handle.hook = new ErrorHook(DisposedError.stub());
  hook.dispose();
}
