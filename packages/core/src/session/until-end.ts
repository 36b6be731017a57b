import { BrokenListener } from "../broken-listener.ts";
import type { StubHook } from "../model/hook.ts";
import { Deferred } from "../promise/deferred.ts";
import { PromiseHook } from "../promise/promise-hook.ts";
import type { Lifetime } from "./lifetime.ts";

/**
 * A reference to the value of `hook` that fails when the session ends. A peer may resolve our calls
 * to calls of ours that wait for themselves. Takes over `hook`.
 */
export function untilEnd(hook: StubHook, lifetime: Lifetime): StubHook {
  if (!(hook instanceof PromiseHook) || hook.settled() !== hook) return hook;
  const deferred = new Deferred();
  const listener = new BrokenListener(() => deferred.settle(lifetime.interrupted!));
  lifetime.onBroken(listener);
  hook.whenSettled(() => {
    listener.stop();
    deferred.settle(hook);
  });
  return new PromiseHook(deferred);
}
