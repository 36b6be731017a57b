/** A subscriber of a channel. It gets the same object in all events of one operation. */
export type Subscriber<M> = (message: M, name: string | symbol) => void;

/** A named channel, as `node:diagnostics_channel` has it. */
export interface Channel<M> {
  readonly hasSubscribers: boolean;
  publish(message: M): void;
  subscribe(subscriber: Subscriber<M>): void;
  unsubscribe(subscriber: Subscriber<M>): void;
  /** Publishes, and runs a function within the stores that are bound to the channel. */
  runStores<T>(message: M, run: () => T): T;
}

/** The subscribers of a {@link TracingChannel}. */
export interface TracingSubscribers<M> {
  /** The operation begins. */
  start?: Subscriber<M>;
  /** Its synchronous part is over. */
  end?: Subscriber<M>;
  /** It has come to its end, later than its synchronous part. */
  asyncStart?: Subscriber<M>;
  /** As `asyncStart`, after it. */
  asyncEnd?: Subscriber<M>;
  /** It has failed: before `end`, or before `asyncStart`. */
  error?: Subscriber<M>;
}

/** The five channels of one kind of operation, as a `TracingChannel` of Node has them. */
export interface TracingChannel<M> {
  readonly start: Channel<M>;
  readonly end: Channel<M>;
  readonly asyncStart: Channel<M>;
  readonly asyncEnd: Channel<M>;
  readonly error: Channel<M>;
  subscribe(subscribers: TracingSubscribers<M>): void;
  unsubscribe(subscribers: TracingSubscribers<M>): void;
}

/** The part of `node:diagnostics_channel` that this package uses. */
export interface DiagnosticsChannel {
  channel(name: string): Channel<any>;
  tracingChannel(name: string): TracingChannel<any>;
}

/** True if anything listens to any of the five channels. */
export function isObserved(channel: TracingChannel<any>): boolean {
  return (
    channel.start.hasSubscribers ||
    channel.asyncEnd.hasSubscribers ||
    channel.end.hasSubscribers ||
    channel.error.hasSubscribers ||
    channel.asyncStart.hasSubscribers
  );
}

/** A channel of Node, with the part of it that isn't documented. */
interface ChannelOfNode {
  readonly _stores?: { readonly size?: number } | undefined;
}

/**
 * True if no stores are bound to a channel. Node's `runStores` takes 4 % of a call over a WebSocket
 * even if there are none. Where the channel doesn't tell, there may be some.
 */
export function keepsNoStores(channel: Channel<any>): boolean {
  return (channel as ChannelOfNode)._stores?.size === 0;
}
