import {
  createValueTable,
  type Expression,
  type ValueTable,
  type ValueType,
  valueTypes,
} from "@capnweb/wire";
import { isObjectOrFunction } from "@capnweb/wire/internal";
import type { Budget } from "./budget.ts";
import { PayloadHook } from "./local/payload-hook.ts";
import { TargetHook } from "./local/target-hook.ts";
import { mapValue } from "./map/applicator.ts";
import { disposeHandle } from "./model/dispose-handle.ts";
import { handleIfStub } from "./model/handle.ts";
import type { StubHook } from "./model/hook.ts";
import { isNativePromise } from "./model/native-promise.ts";
import { type Disposer, Payload } from "./model/payload.ts";
import type { ProxyMaker, Runtime } from "./model/runtime.ts";
import { hookOfAwaited } from "./promise/awaited.ts";
import { proxyMaker } from "./stub/proxy.ts";
import { createStubClasses } from "./stub/stub.ts";
import { capabilityTypes } from "./value-types/index.ts";

/** The services of the object model. The only file that knows every implementation. */
export class DefaultRuntime implements Runtime {
  readonly table: ValueTable;
  readonly RpcStub: ReturnType<typeof createStubClasses>["RpcStub"];
  readonly RpcPromise: ReturnType<typeof createStubClasses>["RpcPromise"];
  readonly makeStub: (hook: StubHook) => object;
  readonly makePromise: ProxyMaker;

  /**
   * @param base a runtime whose classes and proxies this one shares
   * @param types the application's own value types, which it knows besides
   */
  constructor(base?: DefaultRuntime, types: readonly ValueType[] = []) {
    const { RpcStub, RpcPromise } = base ?? createStubClasses(this);
    this.RpcStub = RpcStub;
    this.RpcPromise = RpcPromise;
    this.makeStub = base?.makeStub ?? proxyMaker(this, RpcStub.prototype);
    this.makePromise = base?.makePromise ?? proxyMaker(this, RpcPromise.prototype);
    this.table = createValueTable([
      ...valueTypes,
      ...capabilityTypes(RpcStub.prototype, RpcPromise.prototype),
      ...types,
    ]);
  }

  isPromise(value: unknown): boolean {
    return Object.getPrototypeOf(value) === this.RpcPromise.prototype;
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

  map(
    input: readonly unknown[] | StubHook,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    return mapValue(this, input, captures, instructions, budget);
  }
}

/** The runtime of everything that this package exports. */
export const runtime = new DefaultRuntime();

/** A server has one list of types for all of its sessions. */
const extended = new WeakMap<readonly ValueType[], DefaultRuntime>();

/**
 * The runtime of a session that knows the application's value types.
 *
 * @throws Error for types that exclude each other, or that no session can have
 */
export function runtimeWith(types: readonly ValueType[] | undefined): DefaultRuntime {
  if (!types) return runtime;
  let known = extended.get(types);
  if (!known) {
    known = new DefaultRuntime(runtime, types);
    extended.set(types, known);
  }
  return known;
}
