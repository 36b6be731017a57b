import type { ValueTable } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Maps } from "./maps.ts";
import type { Disposer, Payload } from "./payload.ts";
import type { Streams } from "./streams.ts";

/**
 * Makes a proxy that owns `hook`. With a path, makes a proxy for the value at that path, which owns
 * the hook only if `owns` is given.
 */
export type ProxyMaker = (hook: StubHook, path?: PropertyPath, owns?: "owns") => object;

/**
 * The services that every part of the object model may use. Only their implementation, which is
 * above all parts, knows the classes behind them.
 */
export interface Runtime {
  /** The kinds of values that may be sent. */
  readonly table: ValueTable;
  readonly streams: Streams;
  readonly maps: Maps;
  /** Makes a stub that owns `hook`. */
  readonly makeStub: (hook: StubHook) => object;
  /**
   * Makes a promise that owns `hook`. With a path, makes the promise of a property, which mostly
   * doesn't.
   */
  readonly makePromise: ProxyMaker;

  /** True if a value is one of this library's promises. */
  isPromise(value: unknown): boolean;

  /**
   * Makes the hook of an application function's result, which the function hands over.
   *
   * @param lent the references of the function's arguments. It can't hand these over, so those
   *   that it returns are duplicated
   * @param budget the budget of the message that asked for the result, if one did
   */
  hookOf(result: unknown, lent?: readonly Disposer[], budget?: Budget): StubHook;

  /** Makes the hook of a payload. Takes over `payload`. */
  hookOfPayload(payload: Payload): StubHook;

  /**
   * Makes the hook of the value of `promise`, which the application hands over.
   *
   * @param budget the budget of the message that asked for it, if one did
   */
  hookOfPromise(promise: PromiseLike<unknown>, budget?: Budget): StubHook;

  /** Makes the hook of the value of `promise`, whose stubs the application keeps. */
  hookOfLentPromise(promise: PromiseLike<unknown>): StubHook;

  /**
   * Makes the hook of a value that an application makes a stub of. Targets and objects go by
   * reference.
   */
  hookOfHandedIn(value: unknown): StubHook;
}
