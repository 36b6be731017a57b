import { createValueTable, type Expression, type ValueTable, valueTypes } from "@capnweb/wire";
import type { Budget } from "./budget.ts";
import { PayloadHook } from "./local/payload-hook.ts";
import { TargetHook } from "./local/target-hook.ts";
import { mapValue } from "./map/applicator.ts";
import { handleIfStub } from "./model/handle.ts";
import type { StubHook } from "./model/hook.ts";
import { isNativePromise } from "./model/native-promise.ts";
import { type Disposer, Payload } from "./model/payload.ts";
import { hookOfAwaited } from "./promise/awaited.ts";
import { disposeHandle, type ProxyMaker, proxyMaker } from "./stub/proxy.ts";
import { createStubClasses } from "./stub/stub.ts";
import { capabilityTypes } from "./value-types/index.ts";

/**
 * The one place that knows every implementation. The others are handed it where they need something
 * from the rest of the object model, and import its type only.
 */
export class Runtime {
  /** The kinds of values that may travel. */
  readonly table: ValueTable;
  readonly RpcStub: ReturnType<typeof createStubClasses>["RpcStub"];
  readonly RpcPromise: ReturnType<typeof createStubClasses>["RpcPromise"];
  /** A stub that owns `hook`. */
  readonly makeStub: (hook: StubHook) => object;
  /** A promise that owns `hook`; with a path, the promise of a property, which mostly doesn't. */
  readonly makePromise: ProxyMaker;

  constructor() {
    const { RpcStub, RpcPromise } = createStubClasses(this);
    this.RpcStub = RpcStub;
    this.RpcPromise = RpcPromise;
    this.makeStub = proxyMaker(this, RpcStub.prototype);
    this.makePromise = proxyMaker(this, RpcPromise.prototype);
    this.table = createValueTable([
      ...valueTypes,
      ...capabilityTypes(RpcStub.prototype, RpcPromise.prototype),
    ]);
  }

  /**
   * The hook of what an application's function returned, which hands it over.
   *
   * @param budget that of the message that asked for the result, if one did
   * @param lent the references of the function's arguments: these it can't hand over, and what it
   *   returns of them is duplicated
   */
  hookOf(result: unknown, lent: readonly Disposer[] = [], budget?: Budget): StubHook {
    const handle = handleIfStub(result);
    if (handle) {
      const hook = handle.target();
      // Handed over with what it is a property of.
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

  /** The hook of a payload. Takes over `payload`. */
  hookOfPayload(payload: Payload): StubHook {
    return new PayloadHook(payload);
  }

  /** The hook of what `promise` resolves to, which hands it over. */
  hookOfPromise(promise: PromiseLike<unknown>): StubHook {
    return hookOfAwaited(promise, { take: (value) => this.hookOf(value) });
  }

  /** The hook of what `promise` resolves to, of which the application keeps its stubs. */
  hookOfLentPromise(promise: PromiseLike<unknown>): StubHook {
    return hookOfAwaited(promise, { take: (value) => this.#hookOfLent(value) });
  }

  #hookOfLent(value: unknown): StubHook {
    const handle = handleIfStub(value);
    if (handle) return handle.dup();
    const payload = Payload.borrowed(this, value);
    try {
      payload.own();
    } catch (error) {
      payload.dispose();
      throw error;
    }
    return new PayloadHook(payload);
  }

  /** The hook of a value from which an application makes a stub: targets and objects by reference. */
  hookOfHandedIn(value: unknown): StubHook {
    const handle = handleIfStub(value);
    if (handle) return handle.dup();
    if (isNativePromise(value)) return this.hookOfPromise(value);
    if ((typeof value === "object" && value !== null) || typeof value === "function") {
      return TargetHook.of(this, value);
    }
    return new PayloadHook(Payload.given(this, value));
  }

  /** Applies a recorded `map()` callback to a list, or to what a hook stands for. Takes over all. */
  map(
    input: readonly unknown[] | StubHook,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook {
    return mapValue(this, input, captures, instructions, budget);
  }
}
