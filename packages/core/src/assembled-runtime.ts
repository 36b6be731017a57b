import { createValueTable, type ValueTable, type ValueType } from "@capnweb/wire";
import { isObjectOrFunction } from "@capnweb/wire/internal";
import type { Budget } from "./budget.ts";
import { PayloadHook } from "./local/payload-hook.ts";
import { TargetHook } from "./local/target-hook.ts";
import { disposeHandle } from "./model/dispose-handle.ts";
import { handleIfStub } from "./model/handle.ts";
import type { StubHook } from "./model/hook.ts";
import type { Maps } from "./model/maps.ts";
import { isNativePromise } from "./model/native-promise.ts";
import { type Disposer, Payload } from "./model/payload.ts";
import type { ProxyMaker, Runtime } from "./model/runtime.ts";
import type { Streams } from "./model/streams.ts";
import { hookOfAwaited } from "./promise/awaited.ts";
import { proxyMaker } from "./stub/proxy.ts";
import { PROMISE, STUB, type StubClass, stubClasses } from "./stub/stub.ts";
import { capabilityTypes } from "./value-types/index.ts";

/** The parts of a runtime that not every program needs. */
export interface RuntimeParts {
  /** The rows of the values that travel, besides those of capabilities. */
  readonly types: readonly ValueType[];
  /** Rows that stand for missing ones. They are looked at last, because they claim few values. */
  readonly standIns?: readonly ValueType[];
  readonly streams: Streams;
  readonly maps: Maps;
}

/** The services of the object model, put together with the parts that a program needs. */
export class AssembledRuntime implements Runtime {
  readonly parts: RuntimeParts;
  readonly table: ValueTable;
  readonly streams: Streams;
  readonly maps: Maps;
  readonly RpcStub: StubClass;
  readonly RpcPromise: StubClass;
  readonly makeStub: (hook: StubHook) => object;
  readonly makePromise: ProxyMaker;
  /** A server has one list of types for all of its sessions. */
  readonly #extended = new WeakMap<readonly ValueType[], AssembledRuntime>();

  /**
   * @param base a runtime whose classes and proxies this one shares
   * @param types the application's own value types, which it knows besides
   */
  constructor(parts: RuntimeParts, base?: AssembledRuntime, types: readonly ValueType[] = []) {
    const { RpcStub, RpcPromise } = base ?? stubClasses(this);
    this.parts = parts;
    this.streams = parts.streams;
    this.maps = parts.maps;
    this.RpcStub = RpcStub;
    this.RpcPromise = RpcPromise;
    this.makeStub = base?.makeStub ?? proxyMaker(this, STUB);
    this.makePromise = base?.makePromise ?? proxyMaker(this, PROMISE);
    const { types: rows, standIns = [] } = parts;
    const capabilities = capabilityTypes(STUB, PROMISE);
    this.table = createValueTable([...rows, ...capabilities, ...types, ...standIns]);
  }

  /**
   * The runtime of a session that knows the application's value types.
   *
   * @throws Error for types that exclude each other, or that no session can have
   */
  with(types: readonly ValueType[] | undefined): AssembledRuntime {
    if (!types) return this;
    let known = this.#extended.get(types);
    if (!known) {
      known = new AssembledRuntime(this.parts, this, types);
      this.#extended.set(types, known);
    }
    return known;
  }

  isPromise(value: unknown): boolean {
    return Object.getPrototypeOf(value) === PROMISE;
  }

  hookOf(result: unknown, lent: readonly Disposer[] = [], budget?: Budget): StubHook {
    const handle = handleIfStub(result);
    if (handle) {
      const hook = handle.target();
      // Given away along with the object that it is a property of.
      if (handle.ownsHook && handle.path.length > 0) disposeHandle(handle);
      return lent.includes(hook) ? hook.dup() : hook;
    }
    const payload = Payload.given(this, result, budget);
    if (lent.length > 0) {
      try {
        payload.own(lent);
      } catch (error) {
        payload.dispose();
        throw error;
      }
    }
    return new PayloadHook(payload);
  }

  hookOfPayload(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  hookOfPromise(promise: PromiseLike<unknown>, budget?: Budget): StubHook {
    return hookOfAwaited(promise, { take: (value) => this.hookOf(value, undefined, budget) });
  }

  hookOfLentPromise(promise: PromiseLike<unknown>): StubHook {
    return hookOfAwaited(promise, { take: (value) => this.#hookOfLent(value) });
  }

  #hookOfLent(value: unknown): StubHook {
    const handle = handleIfStub(value);
    if (handle) return handle.dup();
    return new PayloadHook(Payload.copied(this, value));
  }

  hookOfHandedIn(value: unknown): StubHook {
    const handle = handleIfStub(value);
    if (handle) return handle.dup();
    if (isNativePromise(value)) return this.hookOfPromise(value);
    if (isObjectOrFunction(value)) {
      return TargetHook.of(this, value);
    }
    return new PayloadHook(Payload.given(this, value));
  }
}
