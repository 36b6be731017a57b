import type { DecodeContext, EncodeContext, Expression, ValueType } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Disposer, Payload } from "./payload.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The services that encoding offers to the rows of capabilities and streams, besides those that
 * every row gets. An application's own value is made the payload's before a capability in it is
 * encoded, so that every reference has an owner whatever happens next.
 */
export interface CapabilityEncodeContext extends EncodeContext {
  /** Refuses a target or function that isn't behind a stub yet, or makes it one. */
  target(target: object): never;

  /** Refuses a native promise that isn't behind one of ours yet, or makes it one. */
  nativePromise(promise: Promise<unknown>): never;

  /** Encodes a reference to `hook`, in the form for stubs. Doesn't take over `hook`. */
  stub(hook: StubHook): Expression;

  /**
   * Encodes a reference to the target of `path`, in the form for promises. Doesn't take over
   * `hook`.
   */
  promise(hook: StubHook, path: PropertyPath): Expression;

  /** Encodes a reference to a stream's writing end. Takes over `stream`. */
  writable(stream: WritableStream): Expression;

  /** Encodes the reading end of a pipe that carries `stream`'s data. Takes over `stream`. */
  readable(stream: ReadableStream): Expression;
}

/** The services that decoding offers to the rows of capabilities and streams. */
export interface CapabilityDecodeContext extends DecodeContext {
  readonly runtime: Runtime;

  /** The budget of the message that is being decoded, if there is one. */
  readonly budget: Budget | undefined;

  /** The budget for instructions at this depth. */
  nested(): Budget | undefined;

  /** Makes the payload that is being decoded own `reference`. */
  adopt(reference: Disposer): void;

  /** Returns the stub of `hook`. The payload takes over `hook`. */
  stub(hook: StubHook): unknown;

  /** Puts the value of `hook` at `parent[key]` before delivery. Takes over `hook`. */
  promise(hook: StubHook, parent: object, key: PropertyKey): unknown;

  /**
   * Returns the reference that `["export", id]`, `["writable", id]` or `["promise", id]` announces.
   */
  introduce(id: number, kind: "stub" | "stream" | "promise"): StubHook;

  /** The hook that the peer, or the surrounding recording, names by `id`. Not a new reference. */
  lookup(id: number): StubHook;

  /** Returns the reading end of the pipe that the peer made as `id`. Once per pipe. */
  readable(id: number): ReadableStream;

  /** Decodes a call's arguments into a payload of their own. */
  decodeArguments(args: Expression): Payload;
}

/**
 * A row of core's table: the wire's knowledge about a kind of value, and the ownership of its
 * parts.
 */
export interface CoreValueType<T = any, O extends readonly unknown[] = readonly unknown[]>
  extends ValueType<T, O, CapabilityEncodeContext, CapabilityDecodeContext> {
  /**
   * Makes a reference for a payload to own. Present on capabilities. For a property's promise, it
   * is a reference to the object that the property belongs to.
   *
   * @param moved whether a stub is handed over instead of duplicated
   * @param budget the budget of the message that the value came with, if it came with one
   */
  own?(value: T, runtime: Runtime, moved: boolean, budget: Budget | undefined): StubHook;

  /** True if the capability's resolution replaces it before delivery. */
  readonly isPromise?: boolean;
}
