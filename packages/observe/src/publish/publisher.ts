import type { IncomingCall, Interceptor, OutgoingCall } from "@capnweb/core";
import { currentAttempt } from "@capnweb/core/following";
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

function beginCall(call: OutgoingCall, isHeard: boolean): CallRecord {
  const record = new CallRecord(call, isHeard);
  record.begun();
  if (isHeard) channels.call.start.publish(record);
  return record;
}

/** Publishes the operations of sessions to the channels `capnweb:call` and `capnweb:serve`. */
export class Publisher implements Required<Pick<Interceptor, "call" | "serve">> {
  readonly #listeners: FailureListeners;
  readonly #attempts = new Attempts<CallRecord>();

  constructor(listeners: FailureListeners) {
    this.#listeners = listeners;
  }

  call(call: OutgoingCall, next: Parameters<Required<Interceptor>["call"]>[1]): unknown {
    const isHeard = isObserved(channels.call);
    if (!isHeard && tallies.client.current.length === 0) return next();
    const attempt = currentAttempt();
    const record = this.#attempts.earlier(attempt) ?? beginCall(call, isHeard);
    return this.#attempts.watch(attempt, call, next, record);
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
