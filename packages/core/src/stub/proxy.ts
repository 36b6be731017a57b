import { DisposedError } from "../errors.ts";
import { LateErrorHook, type PropertyPath, type StubHook } from "../hook.ts";
import { currentRecorder } from "../map/ambient.ts";
import { Payload } from "../payload/payload.ts";
import type { Runtime } from "../runtime.ts";
import { HANDLE, Handle } from "./handle.ts";

/** What all stubs of a runtime have in common, or all promises. */
export interface ProxyKind {
  readonly runtime: Runtime;
  /** Where the members are that the proxies answer themselves. */
  readonly prototype: object;
}

/** A proxy must have something callable behind it to be so; all share this, and none touches it. */
const CALLABLE = () => {};

const ROOT: PropertyPath = Object.freeze([]);

/** Makes what applications hold. Owns `hook`, unless there is a path. */
export function makeProxy(kind: ProxyKind, hook: StubHook, path = ROOT): object {
  return new Proxy(CALLABLE, new ProxyHandle(kind, hook, path));
}

/** A handle that is its proxy's handler, so that a stub costs a proxy and a handle. */
class ProxyHandle extends Handle implements ProxyHandler<object> {
  readonly kind: ProxyKind;

  constructor(kind: ProxyKind, hook: StubHook, path: PropertyPath) {
    super(hook, path);
    this.kind = kind;
  }

  get(_callable: object, key: PropertyKey, receiver: unknown): unknown {
    if (key === HANDLE) return this;
    const { prototype, runtime } = this.kind;
    // Members that stubs have themselves; everything that Object.prototype has is among them, and
    // never reachable remotely.
    if (key in prototype) return Reflect.get(prototype, key, receiver);
    // A stub must not look like a promise, or awaiting one would call the peer's "then".
    if (typeof key === "symbol" || key === "then") return undefined;
    return runtime.makePromise(this.hook, this.ownsHook ? [key] : [...this.path, key]);
  }

  apply(_callable: object, _thisArg: unknown, args: unknown[]): unknown {
    const { runtime } = this.kind;
    const payload = Payload.borrowed(runtime, args);
    return runtime.makePromise(
      currentRecorder()?.call(this.hook, this.path, payload) ??
        this.hook.callOrThrow(this.path, payload),
    );
  }

  has(_callable: object, key: PropertyKey): boolean {
    return typeof key === "string" || key in this.kind.prototype;
  }

  getPrototypeOf(): object {
    return this.kind.prototype;
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
    throw new TypeError("Can't set prototypes on RPC stubs.");
  }

  preventExtensions(): boolean {
    return false;
  }
}

const DISPOSED = new LateErrorHook(
  () => new DisposedError("Attempted to use RPC stub after it has been disposed."),
);

/** Gives up a stub's or promise's hook; what is done with it afterwards fails saying so. */
export function disposeHandle(handle: Handle): void {
  if (!handle.ownsHook) return;
  const { hook } = handle;
  handle.hook = DISPOSED;
  hook.dispose();
}
