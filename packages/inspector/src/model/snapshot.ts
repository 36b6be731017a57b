import type { OpenEntry, Side } from "../recording/entry.ts";
import type { Call, Capability, SessionInfo, Stream } from "./records.ts";
import { SessionModel } from "./session-model.ts";
import type { Store } from "./store.ts";
import type { FullResult, Result, SideTables } from "./tables.ts";

/** A record whose references to other records are their keys. */
interface FlatCall extends Omit<Call, "waitsFor" | "on" | "waste"> {
  readonly on: number | undefined;
}
interface FlatCapability extends Omit<Capability, "from"> {
  readonly from: number | undefined;
}
type FlatResult =
  | readonly [id: number, is: "call", call: number]
  | readonly [id: number, is: "pipe", stream: number]
  | readonly [id: number, is: "write", stream: number, size: number];

interface FlatTables {
  readonly next: number;
  readonly trip: number;
  readonly isTripAnswered: boolean;
  readonly bytes: number;
  readonly results: readonly FlatResult[];
  readonly exports: readonly FlatCapability[];
  readonly writers: readonly (readonly [id: number, stream: number])[];
}

/** The state of a session, as plain data. */
interface FlatSession {
  readonly info: SessionInfo;
  readonly calls: readonly FlatCall[];
  readonly streams: readonly Stream[];
  readonly tables: Readonly<Record<Side, FlatTables>>;
}

/** The state of sessions at one moment of a recording, as plain data. */
export interface Snapshot {
  readonly sessions: readonly FlatSession[];
}

const SIDES = ["client", "server"] as const;

/**
 * Most entries of tables in a snapshot, which travels as one text. Beyond them, the tables of a
 * session lack their latest.
 */
const MOST_ENTRIES = 200_000;

/** Makes the snapshot of sessions. */
export function snapshotOf(sessions: Iterable<SessionModel>, most = MOST_ENTRIES): Snapshot {
  let left = most;
  const first = <T>(entries: Iterable<T>): T[] => {
    const kept: T[] = [];
    for (const entry of entries) {
      if (kept.length >= left) break;
      kept.push(entry);
    }
    left -= kept.length;
    return kept;
  };
  return { sessions: [...sessions].map((session) => flatSession(session, first)) };
}

function flatSession(session: SessionModel, first: <T>(entries: Iterable<T>) => T[]): FlatSession {
  const { info, tables } = session;
  const calls = new Map<number, Call>();
  const streams = new Map<number, Stream>();
  const note = (call: Call | undefined) => {
    if (call) calls.set(call.key, call);
    return call?.key;
  };
  const flatResult = (id: number, result: FullResult): FlatResult => {
    if (result.is === "call") return [id, "call", note(result.call)!];
    const { stream } = result;
    streams.set(stream.key, stream);
    return result.is === "pipe" ? [id, "pipe", stream.key] : [id, "write", stream.key, result.size];
  };
  const flatTables = (side: SideTables): FlatTables => ({
    next: side.next,
    trip: side.trip,
    isTripAnswered: side.isTripAnswered,
    bytes: side.bytes,
    results: first(side.results.keys()).map((id) => flatResult(id, session.result(side, id)!)),
    exports: first(side.exports.values()).map((each) => ({ ...each, from: note(each.from) })),
    writers: first(side.writers).map(([id, stream]) => {
      streams.set(stream.key, stream);
      return [id, stream.key] as const;
    }),
  });
  const flat = { client: flatTables(tables.client), server: flatTables(tables.server) };
  const flatCalls = [...calls.values()].map(({ waitsFor: _, waste: _w, on, ...call }) => ({
    ...call,
    on: on?.key,
  }));
  return { info: { ...info }, calls: flatCalls, streams: [...streams.values()], tables: flat };
}

/** Makes the sessions of a snapshot, and adds their records to a store. */
export function restore(snapshot: Snapshot, store: Store): SessionModel[] {
  return snapshot.sessions.map((flat) => restoreSession(flat, store));
}

function restoreSession(flat: FlatSession, store: Store): SessionModel {
  const { info } = flat;
  const opened: OpenEntry = { kind: "open", at: info.openedAt, ...info };
  const session = new SessionModel(opened, store);
  Object.assign(session.info, info);
  const capabilities = new Map<number, Capability>();
  const calls = new Map(
    flat.calls.map((each) => {
      const call = { ...each, waitsFor: [], waste: undefined, on: undefined } as Call;
      store.reserve(call.key);
      return [call.key, call];
    }),
  );
  for (const call of [...calls.values()].sort((a, b) => a.sentAt - b.sentAt)) store.addCall(call);
  const streams = new Map(flat.streams.map((each) => [each.key, { ...each }]));
  for (const stream of streams.values()) {
    store.reserve(stream.key);
    store.streams.push(stream);
  }
  for (const side of SIDES) {
    const { next, trip, isTripAnswered, bytes, ...rest } = flat.tables[side];
    const tables = session.tables[side];
    Object.assign(tables, { next, trip, isTripAnswered, bytes });
    for (const each of rest.exports) {
      const from = each.from === undefined ? undefined : calls.get(each.from);
      const capability: Capability = { ...each, from };
      capabilities.set(capability.key, capability);
      store.reserve(capability.key);
      store.capabilities.push(capability);
      tables.exports.set(capability.id, capability);
    }
    for (const result of rest.results) {
      const restored = restoreResult(result, calls, streams);
      if (restored) tables.results.set(result[0], restored);
    }
    for (const [id, key] of rest.writers) tables.writers.set(id, streams.get(key)!);
  }
  for (const { key, on } of flat.calls) {
    const call = calls.get(key)!;
    if (on !== undefined) Object.assign(call, { on: capabilities.get(on) });
  }
  return session;
}

function restoreResult(
  [, is, key, size = 0]: FlatResult,
  calls: ReadonlyMap<number, Call>,
  streams: ReadonlyMap<number, Stream>,
): Result | undefined {
  if (is === "call") {
    const call = calls.get(key);
    return call && { is, call };
  }
  const stream = streams.get(key);
  if (!stream) return undefined;
  return is === "pipe" ? { is, stream } : { is, stream, size };
}
