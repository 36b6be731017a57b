import { DEFAULT_LIMITS, parseMessage } from "@capnweb/wire";
import { type Given, type OpenEntry, otherSide, type Side } from "../recording/entry.ts";
import { Notes } from "./notes.ts";
import type { Call, Capability, Failure, SessionInfo, Stream } from "./records.ts";
import { type Operation, operationOf } from "./references.ts";
import { Runs } from "./runs.ts";
import { cutLinks, type Store } from "./store.ts";
import { emptyTables, type FullResult, type QuickCall, type SideTables } from "./tables.ts";
import { nameOf, writeArguments } from "./text.ts";
import { WasteFinder } from "./waste.ts";

/** The subject of a message. */
export interface Subject {
  readonly call?: Call | undefined;
  readonly stream?: Stream | undefined;
  readonly id?: number | undefined;
}

export const NOTHING: Subject = {};

/** The state of a session, and the steps that several kinds of messages share. */
export class SessionState {
  readonly info: SessionInfo;
  readonly tables: Readonly<Record<Side, SideTables>> = {
    client: emptyTables("client"),
    server: emptyTables("server"),
  };
  readonly store: Store;
  readonly wastes = { client: new WasteFinder(), server: new WasteFinder() };
  readonly notes = new Notes();
  /** Calls that aren't in the tables yet. */
  readonly runs = { client: new Runs(), server: new Runs() };
  /** The capabilities that calls will give, as the process told. */
  readonly given = new WeakMap<Call, readonly Given[]>();

  constructor({ at, session, label, recordedBy, ...rest }: OpenEntry, store: Store) {
    this.store = store;
    const { medium, address, identity, hasNotes = false } = rest;
    this.info = {
      session,
      label,
      recordedBy,
      hasNotes,
      medium,
      address,
      identity,
      openedAt: at,
      closedAt: undefined,
      reason: undefined,
      messages: 0,
      size: 0,
      calls: 0,
      features: {},
    };
  }

  peerOf({ side }: SideTables): SideTables {
    return this.tables[otherSide(side)];
  }

  /** Has the tables be complete. */
  settle(): void {
    this.runs.client.settle(this.tables.client);
    this.runs.server.settle(this.tables.server);
  }

  /** The thing behind a positive id, read in full. */
  result(from: SideTables, id: number): FullResult | undefined {
    const result = from.results.get(id);
    if (result?.is !== "quick") return result;
    const call = this.read(from, id, result);
    const full = { is: "call", call } as const;
    from.results.set(id, full);
    return full;
  }

  /** Reads a call whose message was only noted. */
  read(from: SideTables, id: number, quick: QuickCall): Call {
    const operation = operationIn(quick.text);
    const { trip, sentAt, pulledAt, answeredAt, isStreamed } = quick;
    const call = this.newCall(from, id, operation, isStreamed, sentAt, trip);
    call.pulledAt ??= pulledAt;
    call.answeredAt = answeredAt;
    if (answeredAt !== undefined) call.state = "resolved";
    call.target ??= quick.target;
    call.stack = quick.stack;
    quick.full = call;
    return call;
  }

  /** The thing behind an id in a message of a side. */
  at(from: SideTables, id: number): FullResult | Capability | { stream: Stream } | undefined {
    if (id > 0) return this.result(from, id);
    const peer = this.peerOf(from);
    const stream = peer.writers.get(id);
    return stream ? { stream } : peer.exports.get(id);
  }

  newCall(
    from: SideTables,
    id: number,
    { kind, path, args }: Operation,
    isStreamed: boolean,
    sentAt: number,
    trip: number,
    waitsFor: readonly Call[] = [],
    on?: Capability,
  ): Call {
    return {
      key: this.store.nextKey(),
      session: this.info.session,
      by: from.side,
      id,
      kind,
      name: nameOf(path, kind),
      args: this.store.hasHistory ? writeArguments(args) : "",
      isStreamed,
      trip,
      sentAt,
      waitsFor,
      on,
      pulledAt: isStreamed ? sentAt : undefined,
      answeredAt: undefined,
      releasedAt: undefined,
      failedAt: undefined,
      state: "open",
      result: undefined,
      failure: undefined,
      waste: undefined,
      target: on?.label,
      stack: undefined,
      pipelined: 0,
    };
  }

  ended(call: Call, state: Call["state"], at: number): void {
    if (call.state !== "open") return;
    call.state = state;
    call.releasedAt ??= state === "dropped" ? at : undefined;
    this.store.latencies.ended(call);
    if (!this.store.hasHistory) cutLinks(call);
  }

  problem(
    kind: "call" | "session" | "message",
    at: number,
    failure: Failure,
    call: Call | undefined,
  ): void {
    const key = this.store.nextKey();
    const { session } = this.info;
    this.store.problems.push({ key, session, at, kind, failure, call });
  }

  /** Notes a failure that the caller doesn't learn of. */
  lostFailure(call: Call, failure: Failure, at: number): void {
    if (call.failure) return;
    call.failure = failure;
    call.failedAt = at;
    this.store.latencies.failedUnseen(call);
    this.problem("call", at, failure, call);
  }
}

/** The operation of a call whose text only begins as one does: a peer may send anything. */
function operationIn(text: string): Operation {
  try {
    return operationOf(parseMessage(text, DEFAULT_LIMITS)[1]);
  } catch {
    return operationOf(undefined);
  }
}
