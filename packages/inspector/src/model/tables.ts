import type { Side } from "../recording/entry.ts";
import type { Call, Capability, Stream } from "./records.ts";

/** The thing behind a positive id. */
export type Result =
  | { readonly is: "call"; readonly call: Call }
  | QuickCall
  | { readonly is: "pipe"; readonly stream: Stream }
  /** A chunk that was written to a stream, or its end. */
  | { readonly is: "write"; readonly stream: Stream; readonly size: number };

/** A result whose message was read in full. */
export type FullResult = Exclude<Result, QuickCall>;

/** A call whose message wasn't read in full yet. */
export interface QuickCall {
  readonly is: "quick";
  readonly id: number;
  readonly text: string;
  readonly trip: number;
  readonly isStreamed: boolean;
  readonly sentAt: number;
  pulledAt: number | undefined;
  answeredAt: number | undefined;
  /** The facts about the call that the process has noted. */
  target: string | undefined;
  stack: string | undefined;
  /** The call, once its message was read. */
  full: Call | undefined;
}

/** A call on the main object, as its message says, before anything else is known of it. */
export function newQuickCall(
  id: number,
  text: string,
  trip: number,
  isStreamed: boolean,
  sentAt: number,
): QuickCall {
  return {
    is: "quick",
    id,
    text,
    trip,
    isStreamed,
    sentAt,
    pulledAt: undefined,
    answeredAt: undefined,
    target: undefined,
    stack: undefined,
    full: undefined,
  };
}

/** The tables of one side of a session, as far as messages tell. */
export interface SideTables {
  readonly side: Side;
  /** The id of the side's last result. */
  next: number;
  /** The results that the side holds, by id. */
  readonly results: Map<number, Result>;
  /** The capabilities of this side that the peer holds, by id. */
  readonly exports: Map<number, Capability>;
  /** Calls that the side gave up before their answers, by id. */
  readonly dropped: Map<number, Call>;
  /** Streams behind writers of this side. */
  readonly writers: Map<number, Stream>;
  /** The number of the round trip that the side is in, and whether an answer of it has come. */
  trip: number;
  isTripAnswered: boolean;
  /** Bytes that the side sent since its last text. */
  bytes: number;
}

/** Most entries of a table. The oldest is forgotten, because a peer could fill the memory. */
export const MOST_ENTRIES = 20_000;

/**
 * Most calls that a side gave up before their answers. Sessions hold nothing for such a call, so
 * no limit of theirs counts them.
 */
export const MOST_DROPPED = 256;

export function emptyTables(side: Side): SideTables {
  return {
    side,
    next: 0,
    results: new Map(),
    exports: new Map(),
    dropped: new Map(),
    writers: new Map(),
    trip: 1,
    isTripAnswered: false,
    bytes: 0,
  };
}

/**
 * Adds an entry to a table.
 *
 * @returns the entry that had to go
 */
export function enter<T>(
  table: Map<number, T>,
  id: number,
  entry: T,
  most = MOST_ENTRIES,
): T | undefined {
  table.set(id, entry);
  if (table.size <= most) return undefined;
  const [[oldest, dropped]] = table as unknown as [[number, T]];
  table.delete(oldest);
  return dropped;
}
