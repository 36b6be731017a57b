import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import type { Shared } from "../model/shared-hook.ts";
import type { Found } from "./follow-path.ts";

/** A reference to an object of this process, whose operations are served. */
export interface Served extends StubHook {
  readonly live: { readonly runtime: Runtime; readonly value: unknown } | undefined;
  find(path: PropertyPath): Found;
}

/** The writing end of a stream of this process. */
export interface ServedWriter {
  readonly runtime: Runtime;
  /** The last operation that had to wait. Later ones queue up behind it. */
  tail: Promise<unknown> | undefined;
  /** Aborts the stream, unless it was closed or aborted. */
  abandon(error: unknown): void;
}

/**
 * A session's interceptors, around the operations that its peer asks for. Each method takes over
 * the arguments or captures.
 */
export interface Serving {
  call(hook: Served, path: PropertyPath, args: Payload): StubHook;
  get(hook: Served, path: PropertyPath, budget: Budget): StubHook;
  map(
    hook: Served,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook;
  /** @param write carries out the write */
  write(
    writer: ServedWriter,
    path: PropertyPath,
    args: Payload,
    write: () => Promise<void>,
  ): Promise<void>;

  // Operations on objects that another session imported, which are passed on to its peer.

  forwardCall(to: Shared, path: PropertyPath, args: Payload): StubHook;
  forwardGet(to: Shared, path: PropertyPath, budget: Budget): StubHook;
  forwardMap(
    to: Shared,
    path: PropertyPath,
    captures: StubHook[],
    instructions: Expression[],
    budget: Budget,
  ): StubHook;
}

/** The interceptors of the session whose peer asks for an operation, if it has any. */
export function servingOf(budget: Budget | undefined): Serving | undefined {
  return budget?.serving as Serving | undefined;
}
