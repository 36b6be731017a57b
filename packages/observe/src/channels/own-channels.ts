import type {
  Channel,
  DiagnosticsChannel,
  Subscriber,
  TracingChannel,
  TracingSubscribers,
} from "./channel.ts";

declare function queueMicrotask(callback: () => void): void;

/** A channel for runtimes that have none. It behaves as one of Node. */
class OwnChannel<M> implements Channel<M> {
  readonly #name: string;
  /** Replaced with each change, so that subscribers may come and go while one is called. */
  #subscribers: readonly Subscriber<M>[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  get hasSubscribers(): boolean {
    return this.#subscribers.length > 0;
  }

  publish(message: M): void {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber(message, this.#name);
      } catch (error) {
        // As in Node: the operation goes on, and the error is uncaught.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  subscribe(subscriber: Subscriber<M>): void {
    this.#subscribers = [...this.#subscribers, subscriber];
  }

  unsubscribe(subscriber: Subscriber<M>): void {
    const i = this.#subscribers.indexOf(subscriber);
    if (i >= 0) this.#subscribers = this.#subscribers.toSpliced(i, 1);
  }

  runStores<T>(message: M, run: () => T): T {
    this.publish(message);
    return run();
  }
}

const EVENTS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

/** Five channels for runtimes that have none. */
class OwnTracingChannel<M> implements TracingChannel<M> {
  readonly start: Channel<M>;
  readonly end: Channel<M>;
  readonly asyncStart: Channel<M>;
  readonly asyncEnd: Channel<M>;
  readonly error: Channel<M>;

  constructor(name: string) {
    const channel = (event: string) => new OwnChannel<M>(`tracing:${name}:${event}`);
    this.start = channel("start");
    this.end = channel("end");
    this.asyncStart = channel("asyncStart");
    this.asyncEnd = channel("asyncEnd");
    this.error = channel("error");
  }

  subscribe(subscribers: TracingSubscribers<M>): void {
    for (const event of EVENTS) {
      const subscriber = subscribers[event];
      if (subscriber) this[event].subscribe(subscriber);
    }
  }

  unsubscribe(subscribers: TracingSubscribers<M>): void {
    for (const event of EVENTS) {
      const subscriber = subscribers[event];
      if (subscriber) this[event].unsubscribe(subscriber);
    }
  }
}

/** Stands in for `node:diagnostics_channel`. Its channels are known to this package alone. */
export const ownChannels: DiagnosticsChannel = {
  channel: (name) => new OwnChannel(name),
  tracingChannel: (name) => new OwnTracingChannel(name),
};
