import { useCallback, useRef, useSyncExternalStore } from "react";
import { useRpcCache } from "./context.ts";
import { type RpcKey, textOfKey } from "./key.ts";
import type { Live } from "./live-entry.ts";
import type { LiveSource } from "./live-source.ts";

/**
 * Returns the latest value of a stream or an async iterable. It is opened when a component is
 * mounted, shared by all with an equal key, and cancelled when the last one is unmounted.
 *
 * @param key names the source; put in what `open` depends on. Stubs are equal if they are the same
 * @param open opens the source, for example by a call that returns a `ReadableStream`. The signal
 *   fires when it is no longer needed
 * @returns the latest value and the state. The hook doesn't suspend
 *
 * @example
 * ```ts
 * function Online({ room }: { room: string }) {
 *   const { value, status } = useLive(["online", room], () => api.room(room).watchOnline());
 *   return <p>{status === "connecting" ? "…" : `${value} online`}</p>;
 * }
 * ```
 */
export function useLive<T>(key: RpcKey, open: (signal: AbortSignal) => LiveSource<T>): Live<T> {
  const cache = useRpcCache();
  const id = textOfKey(key);
  const latest = useRef(open);
  latest.current = open;
  const subscribe = useCallback(
    (listener: () => void) =>
      cache.liveEntry(id).subscribe((signal) => latest.current(signal), listener),
    [cache, id],
  );
  const snapshot = () => cache.liveState(id) as Live<T>;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
