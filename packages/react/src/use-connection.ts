import { useCallback, useSyncExternalStore } from "react";

/** A connection, as far as components need it: `Connection` of `@capnweb/reconnect`. */
export interface ObservableConnection<S extends string = string> {
  readonly state: S;
  addEventListener(type: "statechange", listener: () => void): void;
  removeEventListener(type: "statechange", listener: () => void): void;
}

/**
 * Returns the state of a connection, and renders the component again when it changes. Make the
 * connection outside of components: React renders twice, mounts twice and gives renderings up, and
 * each would open a connection.
 *
 * @returns the state: `"connecting"`, `"open"`, `"interrupted"` or `"closed"`
 *
 * @example
 * ```ts
 * const connection = connect<Api>({ open });
 *
 * function Banner() {
 *   return useConnection(connection) === "interrupted" ? <p>Connecting again…</p> : null;
 * }
 * ```
 */
export function useConnection<S extends string>(connection: ObservableConnection<S>): S {
  const subscribe = useCallback(
    (listener: () => void) => {
      connection.addEventListener("statechange", listener);
      return () => connection.removeEventListener("statechange", listener);
    },
    [connection],
  );
  const snapshot = () => connection.state;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
