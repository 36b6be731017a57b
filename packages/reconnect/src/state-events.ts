import type { ConnectionStateEvent } from "./state.ts";

type Listener = Parameters<EventTarget["addEventListener"]>[1];
type Options = Parameters<EventTarget["addEventListener"]>[2];
type StateListener = ((event: ConnectionStateEvent) => unknown) | null;

/** An object that dispatches `statechange` events, with the types of its listeners. */
export interface StateEvents extends EventTarget {
  /** Adds a listener, as every `EventTarget` does. */
  addEventListener(type: "statechange", listener: StateListener, options?: Options): void;
  addEventListener(type: string, listener: Listener, options?: Options): void;
  /** Removes a listener, as every `EventTarget` does. */
  removeEventListener(type: "statechange", listener: StateListener, options?: Options): void;
  removeEventListener(type: string, listener: Listener, options?: Options): void;
}

/** The class of the platform, which differs only in its types. */
export const StateEvents = EventTarget as unknown as abstract new () => StateEvents;
