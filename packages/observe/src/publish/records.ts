import {
  type AddedContext,
  type ErrorListener,
  type IncomingCall,
  type OperationKind,
  type OutgoingCall,
  reportError,
} from "@capnweb/core";
import type { TracingChannel } from "../channels/channel.ts";
import type { CallEvent, ServeEvent, Side } from "../channels/events.ts";
import { channels } from "../channels/index.ts";
import { errorTypes } from "../names/error-types.ts";
import { methodNames, OTHER } from "../names/method-names.ts";
import { clock } from "./clock.ts";
import type { Outcome } from "./outcomes.ts";
import { type Tally, tallies } from "./tally.ts";

/**
 * The event of an operation, which publishes itself once its outcome is known. One object does
 * both, because each further one costs a part of a call.
 */
abstract class OperationRecord<C extends OutgoingCall | IncomingCall> implements Outcome {
  readonly call: C;
  method: string;
  readonly startedAt = clock.now();
  duration: number | undefined = undefined;
  outcome: string | undefined = undefined;
  error: unknown = undefined;

  /** True if the channel had subscribers at the begin. Otherwise, only tallies learn of it. */
  protected readonly isHeard: boolean;

  constructor(call: C, isHeard: boolean) {
    this.call = call;
    this.isHeard = isHeard;
    this.method = methodNames.find(call) ?? OTHER;
  }

  get kind(): OperationKind {
    return this.call.kind;
  }

  abstract readonly side: Side;
  /** The channel that the record is published to. */
  protected abstract get channel(): TracingChannel<any>;
  protected abstract get tallies(): readonly Tally[];

  /** Tells the tallies that the operation begins. */
  begun(): void {
    for (const tally of this.tallies) tally.begun(this);
  }

  returned(): void {
    if (this.isHeard) this.channel.end.publish(this);
  }

  succeeded(result: unknown, isSync = false): void {
    this.duration = clock.now() - this.startedAt;
    this.outcome = "ok";
    if (this.method === OTHER) this.method = methodNames.succeeded(this.call, result);
    for (const tally of this.tallies) tally.over(this);
    if (!isSync && this.isHeard) this.settled();
  }

  failed(error: unknown, isSync = false): void {
    this.duration = clock.now() - this.startedAt;
    this.error = error;
    this.outcome = errorTypes.of(error);
    if (this.method === OTHER) this.method = methodNames.failed(this.call, error, isSync);
    for (const tally of this.tallies) tally.over(this);
    if (!this.isHeard) return;
    this.channel.error.publish(this);
    if (!isSync) this.settled();
  }

  private settled(): void {
    this.channel.asyncStart.publish(this);
    this.channel.asyncEnd.publish(this);
  }
}

/** The event of an operation on one of the peer's objects. */
export class CallRecord extends OperationRecord<OutgoingCall> implements CallEvent {
  added: AddedContext | undefined = undefined;

  get side(): "client" {
    return "client";
  }

  get traceparent(): string | undefined {
    return this.added?.traceparent ?? this.call.context.traceparent;
  }

  protected get channel() {
    return channels.call;
  }

  protected get tallies() {
    return tallies.client.current;
  }

  add(context: AddedContext): void {
    this.added = { ...this.added, ...context };
  }
}

/** Receives the failures of the peer's operations; see `ObserveOptions.onCallError`. */
export type CallErrorListener = (error: unknown, call: IncomingCall) => void;

/** The application's listeners for failures. */
export interface FailureListeners {
  readonly onCallError: CallErrorListener | undefined;
  readonly onError: ErrorListener | undefined;
}

/** The event of an operation of the peer's. */
export class ServeRecord extends OperationRecord<IncomingCall> implements ServeEvent {
  readonly #listeners: FailureListeners;

  constructor(call: IncomingCall, isHeard: boolean, listeners: FailureListeners) {
    super(call, isHeard);
    this.#listeners = listeners;
  }

  get side(): "server" {
    return "server";
  }

  get traceparent(): string | undefined {
    return this.call.received.traceparent;
  }

  protected get channel() {
    return channels.serve;
  }

  protected get tallies() {
    return tallies.server.current;
  }

  override failed(error: unknown, isSync = false): void {
    super.failed(error, isSync);
    const { onCallError, onError } = this.#listeners;
    if (!onCallError) return;
    try {
      onCallError(error, this.call);
    } catch (failure) {
      reportError(failure, "observer", onError);
    }
  }
}
