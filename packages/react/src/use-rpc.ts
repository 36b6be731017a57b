import { startTransition, useEffect, useReducer } from "react";
import { useRpcCache } from "./context.ts";
import { type RpcKey, textOfKey } from "./key.ts";

/**
 * Returns the result of a call. The component suspends until it is there, so put a `<Suspense>`
 * around it. If the call fails, the hook throws its error to the next error boundary.
 *
 * Components with equal keys share one call. The cache owns the result, and disposes of it when no
 * component uses it any more: don't dispose of it, and `dup()` a stub that outlives the component.
 *
 * @param key names the call; put in what `load` depends on. Stubs are equal if they are the same
 * @param load makes the call. Return the promise of the call itself, so that it can be given up
 * @returns the result. If it is a stub, put it into a state only within an object or by
 *   `setState(() => stub)`: a stub is a function, which React would call
 *
 * @example
 * ```ts
 * function Profile({ id }: { id: string }) {
 *   const { name } = useRpc(["profile", id], () => api.user(id).profile());
 *   return <h1>{name}</h1>;
 * }
 * ```
 */
export function useRpc<R>(key: RpcKey, load: () => R): Awaited<R> {
  const cache = useRpcCache();
  const id = textOfKey(key);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const entry = cache.entry(id, load);
  useEffect(() => entry.use(), [entry]);
  useEffect(() => {
    const again = () => startTransition(renderAgain);
    const stop = cache.subscribe(id, again);
    // It was invalidated after this was rendered, when nothing listened yet.
    if (!cache.holds(id, entry)) again();
    return stop;
  }, [cache, id, entry]);
  const { state } = entry;
  if (state.status === "pending") throw entry.settled;
  if (state.status === "failed") throw state.error;
  return state.value;
}
