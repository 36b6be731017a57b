import { SessionError } from "../errors.ts";
import { ErrorHook, LateErrorHook, type StubHook } from "../model/hook.ts";
import type { Runtime } from "../model/runtime.ts";
import { hookOfAwaited } from "../promise/awaited.ts";
import { type ErrorListener, reportError } from "../report.ts";
import { type ImportEntry, ImportHook } from "./import-entry.ts";
import type { Lifetime } from "./lifetime.ts";

/** A program's reference to the peer's main object. Giving it up ends the session. */
export class MainHook extends ImportHook {
  readonly #lifetime: Lifetime;

  constructor(entry: ImportEntry, lifetime: Lifetime) {
    super(entry);
    this.#lifetime = lifetime;
  }

  override dispose(): void {
    this.#lifetime.end(new ErrorHook(new SessionError()), "local");
  }
}

/**
 * The hook of a session's own main object. If the object is still to come, calls wait for it.
 *
 * @param onError receives the failures of a main object, those of its disposer included
 */
export function hookOfMain(
  main: unknown,
  runtime: Runtime,
  onError: ErrorListener | undefined,
): StubHook {
  if (main === undefined) return NO_MAIN;
  if (!(main instanceof Promise)) return runtime.hookOfHandedIn(main);
  return hookOfAwaited(main, {
    take: (value) => {
      const hook = runtime.hookOfHandedIn(value);
      // The session may be over, and the object disposed of at once.
      if (onError) hook.reportTo(onError);
      return hook;
    },
    fail: (error) => {
      reportError(error, "createMain", onError);
      return new ErrorHook(error);
    },
  });
}

const NO_MAIN = new LateErrorHook(() => new Error("This connection has no main object."));
