import type { Expression } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import type { PropertyPath, StubHook } from "./hook.ts";
import type { Runtime } from "./runtime.ts";

/** Records and applies `map()` callbacks, in a runtime that has them. */
export interface Maps {
  /**
   * Runs a `map()` callback once, with a placeholder, and applies the recording to the target of
   * `path`.
   *
   * @throws MapError, or the callback's own error; nothing was sent then
   */
  record(
    hook: StubHook,
    path: PropertyPath,
    callback: (placeholder: unknown) => unknown,
    runtime: Runtime,
  ): StubHook;

  /**
   * Applies a recorded callback to a list, or to the value behind a hook. Takes over `input`, if it
   * is a hook, and `captures`.
   */
  apply(
    runtime: Runtime,
    input: readonly unknown[] | StubHook,
    captures: StubHook[],
    instructions: Expression[],
    budget?: Budget,
  ): StubHook;
}
