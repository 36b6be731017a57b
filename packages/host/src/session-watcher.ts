import type { BaseSession, RpcSessionOptions } from "@capnweb/core";
import type { HostedSession } from "./hosted-session.ts";

/** The parts of a session that a {@link SessionWatcher} looks at, in the form of its options. */
export type WatchedOptions = Pick<
  RpcSessionOptions,
  "onLostError" | "onMessage" | "onSession" | "interceptors"
>;

/**
 * Called with each session that is about to start.
 *
 * @returns the options by which it is watched, beside those of the host; `undefined` for a session
 *   that isn't of interest
 */
export type SessionWatcher = (session: HostedSession) => WatchedOptions | undefined;

/** The watchers of a host's sessions. */
export class Watchers {
  readonly #watchers = new Set<SessionWatcher>();

  /** @returns a function that removes it */
  add(watcher: SessionWatcher): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Adds what the watchers need to the options of a session. */
  watch(session: HostedSession, options: RpcSessionOptions): RpcSessionOptions {
    let watched = options;
    for (const watcher of this.#watchers) {
      const added = watcher(session);
      if (added) watched = together(watched, added);
    }
    return watched;
  }
}

/** Options with which both the host and a watcher hear of a session. A watcher comes first. */
function together(options: RpcSessionOptions, added: WatchedOptions): RpcSessionOptions {
  const { onLostError, onMessage, onSession, interceptors } = options;
  return {
    ...options,
    onLostError: both(added.onLostError, onLostError),
    onMessage: both(added.onMessage, onMessage),
    onSession: both<[BaseSession<any>]>(added.onSession, onSession),
    interceptors:
      added.interceptors && interceptors
        ? added.interceptors.around(interceptors)
        : (added.interceptors ?? interceptors),
  };
}

function both<A extends unknown[]>(
  first: ((...args: A) => void) | undefined,
  second: ((...args: A) => void) | undefined,
): ((...args: A) => void) | undefined {
  if (!first || !second) return first ?? second;
  return (...args) => {
    first(...args);
    second(...args);
  };
}
