import type { Expression, ValueTable } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Disposer, Payload } from "./payload.ts";

/**
 * Makes a proxy that owns `hook`; with a path, a proxy for the value at that path, which owns the
 * hook only if `owns` is given.
 */
export type ProxyMaker = (hook: StubHook, path?: PropertyPath, owns?: "owns") => object;

/**
 * The services that every part of the object model may ask for. Only their implementation, which is
 * above all parts, knows the classes behind them.
 */
export interface Runtime {
  /** The kinds of values that may travel. */
  readonly table: ValueTable;
  /** Makes a stub that owns `hook`. */
  readonly makeStub: (hook: StubHook) => object;
  /**
   * Makes a promise that owns `hook`; with a path, the promise of a property, which mostly doesn't.
   */
  readonly makePromise: ProxyMaker;

  /** Whether a value is a promise of ours. */
  isPromise(value: unknown): boolean;

  /**
   * The hook of the result of an application's function, which hands it over.
   *
   * @param lent the references of the function's arguments: these it can't hand over, and those of
   *   them that it returns are duplicated
   * @param budget that of the message that asked for the result, if one did
   */
  hookOf(result: unknown, lent?: readonly Disposer[], budget?: Budget): StubHook;

  /** The hook of a payload. Takes over `payload`. */
  hookOfPayload(payload: Payload): StubHook;

  /** The hook of the value of `promise`, which hands it over. */
  hookOfPromise(promise: PromiseLike<unknown>): StubHook;

  /** The hook of the value of `promise`, of which the application keeps its stubs. */
  hookOfLentPromise(promise: PromiseLike<unknown>): StubHook;

  /**
   * The hook of a value from which an application makes a stub: targets and objects by reference.
   */
  hookOfHandedIn(value: unknown): StubHook;

  /**
   * Applies a recorded `map()` callback to a list, or to the value behind a hook. Takes over all.
   */
  map(
    input: readonly unknown[] | StubHook,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook;
}
