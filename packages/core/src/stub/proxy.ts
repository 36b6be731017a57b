import { support } from "../call-context/support.ts";
import { currentRecorder } from "../map/ambient.ts";
import { HANDLE, Handle, handleIfStub } from "../model/handle.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import { Payload } from "../model/payload.ts";
import type { ProxyMaker, Runtime } from "../model/runtime.ts";
import { INSPECT, inspectStub } from "./inspect.ts";

/**
 * The target of every proxy. A proxy is callable only if its target is, and no proxy touches it.
 */
const CALLABLE = () => {};

// `console.log` of Node looks at the proxy's target, and calls its method with the proxy as `this`.
Object.defineProperty(CALLABLE, INSPECT, {
  // Otherwise, `ownKeys` would have to name it.
  configurable: true,
  value(this: unknown) {
    const handle = handleIfStub(this);
    return handle ? inspectStub(this as object, handle) : "[Function: stub]";
  },
});

/** The keys that operators, templates, loops, spreading and `JSON.stringify` look for. */
const WANT_VALUE: ReadonlySet<PropertyKey> = new Set([
  Symbol.toPrimitive,
  Symbol.iterator,
  Symbol.asyncIterator,
  "toJSON",
]);

/** The kind of a proxy: a stub or a promise, of one runtime. */
interface ProxyKind {
  readonly runtime: Runtime;
  /** Has the members that the proxies answer themselves. */
  readonly prototype: object;
}

/**
 * A handle that is also its proxy's handler, so that a stub costs a proxy and a handle. The kind is
 * a field, because engines don't inline the constructor of a class that is made more than once.
 */
class StubHandle extends Handle implements ProxyHandler<object> {
  protected readonly kind: ProxyKind;

  constructor(hook: StubHook, kind: ProxyKind) {
    super(hook);
    this.kind = kind;
  }

  override get runtime(): Runtime {
    return this.kind.runtime;
  }

  get(_callable: object, key: PropertyKey, receiver: unknown): unknown {
    if (key === HANDLE) return this;
    const { runtime, prototype } = this.kind;
    // Every `await` looks for it. A stub must not look like a promise, or awaiting one would call
    // the peer's "then".
    if (key === "then") return (prototype as { then?: unknown }).then;
    // Members of stubs themselves. They include those of Object.prototype, which are never
    // reachable remotely.
    if (key in prototype) return Reflect.get(prototype, key, receiver);
    // JSON looks for `toJSON`, which no peer has, and asking for it would call the peer. Programs
    // recognise promises by the others, and a stub isn't one.
    if (typeof key === "symbol" || key === "toJSON" || key === "catch" || key === "finally") {
      if (WANT_VALUE.has(key)) this.hook.forbidCoercion();
      return undefined;
    }
    return runtime.makePromise(this.hook, this.path.length === 0 ? [key] : [...this.path, key]);
  }

  apply(_callable: object, _thisArg: unknown, args: unknown[]): unknown {
    const { runtime } = this.kind;
    const payload = Payload.borrowed(runtime, args, support?.account());
    return runtime.makePromise(
      currentRecorder()?.call(this.hook, this.path, payload) ??
        this.hook.callOrThrow(this.path, payload),
    );
  }

  has(_callable: object, key: PropertyKey): boolean {
    this.hook.forbidCoercion();
    return typeof key === "string" || key in this.kind.prototype;
  }

  getPrototypeOf(): object {
    return this.kind.prototype;
  }

  ownKeys(): [] {
    this.hook.forbidCoercion();
    return [];
  }

  getOwnPropertyDescriptor(): undefined {
    return undefined;
  }

  set(): never {
    throw new Error("Can't assign properties on RPC stubs.");
  }

  defineProperty(): never {
    throw new Error("Can't define properties on RPC stubs.");
  }

  deleteProperty(): never {
    throw new Error("Can't delete properties on RPC stubs.");
  }

  setPrototypeOf(): never {
    throw new TypeError("Can't set prototypes on RPC stubs.");
  }

  preventExtensions(): boolean {
    return false;
  }
}

/** The handle of a property of the hook's value. */
class PropertyHandle extends StubHandle {
  private readonly keys: PropertyPath;

  constructor(hook: StubHook, kind: ProxyKind, path: PropertyPath) {
    super(hook, kind);
    this.keys = path;
  }

  override get path() {
    return this.keys;
  }

  override get ownsHook() {
    return false;
  }
}

class OwningPropertyHandle extends PropertyHandle {
  override get ownsHook() {
    return true;
  }
}

/**
 * Makes the function that makes a runtime's stubs, or its promises.
 *
 * @param prototype has the members that the proxies answer themselves
 */
export function proxyMaker(runtime: Runtime, prototype: object): ProxyMaker {
  const kind: ProxyKind = { runtime, prototype };
  return (hook, path, owns) => {
    if (!path) return new Proxy(CALLABLE, new StubHandle(hook, kind));
    const PathHandle = owns ? OwningPropertyHandle : PropertyHandle;
    return new Proxy(CALLABLE, new PathHandle(hook, kind, path));
  };
}
