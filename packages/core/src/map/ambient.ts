import type { PropertyPath, StubHook } from "../model/hook.ts";
import type { Payload } from "../model/payload.ts";

/** The receiver of calls on stubs while a `map()` callback runs. */
export interface CallRecorder {
  call(hook: StubHook, path: PropertyPath, args: Payload): StubHook;

  map(hook: StubHook, path: PropertyPath, callback: (placeholder: unknown) => unknown): StubHook;
}

let current: CallRecorder | undefined;

/** The recorder of the running `map()` callback, if there is one. */
export function currentRecorder(): CallRecorder | undefined {
  return current;
}

/** Runs `callback`, during which every call on a stub goes to `recorder`. Nests. */
export function recordWith<T>(recorder: CallRecorder, callback: () => T): T {
  const outer = current;
  current = recorder;
  try {
    return callback();
  } finally {
    current = outer;
  }
}
