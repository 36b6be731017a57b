import type { ConnectEvent } from "./channels/events.ts";
import { channels } from "./channels/index.ts";
import { clock } from "./publish/clock.ts";

/** A change of a connection's state. */
interface StateChange {
  readonly state: string;
  readonly outcome?: string | undefined;
  readonly error?: unknown;
}

/** A connection that comes back, as `connect()` of `@capnweb/reconnect` returns it. */
export interface ObservedConnection {
  readonly state: string;
  addEventListener(type: "statechange", listener: (event: any) => void): void;
  removeEventListener(type: "statechange", listener: (event: any) => void): void;
}

class ConnectRecord implements ConnectEvent {
  readonly connection: object;
  readonly startedAt = clock.now();
  outcome: ConnectEvent["outcome"] = undefined;
  error: unknown = undefined;

  constructor(connection: object) {
    this.connection = connection;
  }
}

/**
 * Publishes the outages of a connection to the channel `capnweb:connect`: `start` when it connects
 * first and when it was interrupted, `asyncEnd` with the outcome, `error` when it is closed because
 * of one.
 *
 * @param connection of `connect()` of `@capnweb/reconnect`; each one of a pool by itself
 * @returns a function that ends the observation
 *
 * @example
 * ```ts
 * const connection = connect<Api>({ open, ...observe() });
 * observeConnection(connection);
 * ```
 */
export function observeConnection(connection: ObservedConnection): () => void {
  const { start, end, error, asyncStart, asyncEnd } = channels.connect;
  let record: ConnectRecord | undefined;
  const begin = (reason: unknown) => {
    if (record) return;
    record = new ConnectRecord(connection);
    record.error = reason;
    start.publish(record);
    end.publish(record);
  };
  const finish = ({ state, outcome, error: reason }: StateChange) => {
    // The peer asked to be left, so that there was no outage.
    begin(undefined);
    const done = record!;
    record = undefined;
    done.outcome = outcomeOf(state, outcome);
    if (state === "closed") {
      done.error = reason;
      if (reason !== undefined) error.publish(done);
    }
    asyncStart.publish(done);
    asyncEnd.publish(done);
  };
  const changed = (change: StateChange) => {
    if (change.state === "open" || change.state === "closed") finish(change);
    else begin(change.error);
  };
  connection.addEventListener("statechange", changed);
  if (connection.state !== "open" && connection.state !== "closed") begin(undefined);
  return () => connection.removeEventListener("statechange", changed);
}

function outcomeOf(state: string, outcome: string | undefined): ConnectEvent["outcome"] {
  if (state === "closed") return "closed";
  return outcome === "resumed" || outcome === "restored" ? outcome : "opened";
}
