import type { DecodeContext, EncodeContext, Expression, ValueType } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Disposer, Payload } from "./payload.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The services of encoding for the rows of capabilities and streams, besides those that every row
 * gets. An application's own value is made the payload's own before a capability in it is encoded,
 * so that every reference has an owner whatever happens next.
 */
export interface CapabilityEncodeContext extends EncodeContext {
  /** Refuses, or asks for, a target or function that isn't behind a stub yet. */
  target(target: object): never;

  /** Refuses, or asks for, a native promise that isn't behind one of ours yet. */
  nativePromise(promise: Promise<unknown>): never;

  /** A reference to `hook`, in the form for stubs. Doesn't take over `hook`. */
  stub(hook: StubHook): Expression;

  /** A reference to what `path` leads to, in the form for promises. Doesn't take over `hook`. */
  promise(hook: StubHook, path: PropertyPath): Expression;

  /** A reference to a stream's writing end. Takes over `stream`. */
  writable(stream: WritableStream): Expression;

  /** The reading end of a pipe into which `stream`'s data goes. Takes over `stream`. */
  readable(stream: ReadableStream): Expression;
}

/** The services of decoding for the rows of capabilities and streams. */
export interface CapabilityDecodeContext extends DecodeContext {
  readonly runtime: Runtime;

  /** That of the message that is being decoded, if it is one's. */
  readonly budget: Budget | undefined;

  /** The budget for instructions that stand at this depth. */
  nested(): Budget | undefined;

  /** Makes `reference` go when the payload being decoded goes. */
  adopt(reference: Disposer): void;

  /** Gives the stub of `hook`, whose owner the payload becomes. */
  stub(hook: StubHook): unknown;

  /** Has what `hook` resolves to put at `parent[key]` before delivery. Takes over `hook`. */
  promise(hook: StubHook, parent: object, key: PropertyKey): unknown;

  /** The reference that `["export", id]` announces, or `["writable", id]`, or `["promise", id]`. */
  introduce(id: number, kind: "stub" | "stream" | "promise"): StubHook;

  /** The hook that the peer, or the surrounding recording, names by `id`. Not a new reference. */
  lookup(id: number): StubHook;

  /** The readable end of the pipe that the peer made as `id`; once per pipe. */
  readable(id: number): ReadableStream;

  /** Decodes a call's arguments to a payload of their own. */
  decodeArguments(args: Expression): Payload;
}

/** A row of core's table: what the wire knows of a kind of value, and who owns what in it. */
export interface CoreValueType<T = any, O extends readonly unknown[] = readonly unknown[]>
  extends ValueType<T, O, CapabilityEncodeContext, CapabilityDecodeContext> {
  /**
   * Present on capabilities: a reference for a payload to own; of a property's promise, to what
   * it is a property of.
   *
   * @param moved whether a stub is handed over rather than duplicated
   */
  own?(value: T, runtime: Runtime, moved: boolean): StubHook;

  /** Whether the capability is replaced by its resolution before delivery. */
  readonly isPromise?: boolean;
}
