import type { IncomingCall, Interceptor, OutgoingCall } from "@capnweb/core";
import { isObserved, keepsNoStores } from "../channels/channel.ts";
import { channels } from "../channels/index.ts";
import { Attempts } from "./attempts.ts";
import { watchServed } from "./outcomes.ts";
import { CallRecord, type FailureListeners, ServeRecord } from "./records.ts";
import { tallies } from "./tally.ts";

/** True if something observes operations on objects of peers. */
export function areCallsObserved(): boolean {
  return tallies.client.current.length > 0 || isObserved(channels.call);
}

/** True if something observes operations of peers. */
export function areServedObserved(): boolean {
  return tallies.server.current.length > 0 || isObserved(channels.serve);
}

/** Publishes the operations of sessions to the channels `capnweb:call` and `capnweb:serve`. */
export class Publisher implements Required<Pick<Interceptor, "call" | "serve">> {
  readonly #listeners: FailureListeners;
  readonly #attempts = new Attempts<CallRecord>();

  constructor(listeners: FailureListeners) {
    this.#listeners = listeners;
  }

  call(call: OutgoingCall, next: Parameters<Required<Interceptor>["call"]>[1]): unknown {
    const channel = channels.call;
    const isHeard = isObserved(channel);
    if (!isHeard && tallies.client.current.length === 0) return next();
    const earlier = this.#attempts.earlier;
    if (earlier) return this.#attempts.watch(call, next, earlier.added, earlier);
    const record = new CallRecord(call, isHeard);
    record.begun();
    if (isHeard) channel.start.publish(record);
    return this.#attempts.watch(call, next, record.added, record);
  }

  serve(call: IncomingCall, next: () => unknown): unknown {
    const isHeard = isObserved(channels.serve);
    const isCounted = tallies.server.current.length > 0;
    if (!isHeard && !isCounted && !this.#listeners.onCallError) return next();
    const record = new ServeRecord(call, isHeard, this.#listeners);
    record.begun();
    if (!isHeard) return watchServed(next, record);
    const { start } = channels.serve;
    if (!keepsNoStores(start)) return start.runStores(record, () => watchServed(next, record));
    start.publish(record);
    return watchServed(next, record);
  }
}
