import type { Client, Held, Link } from "../contestants/contestant.ts";
import type { ContestantName } from "../contestants/index.ts";

/** Who is the client and who the server; a single name is both. */
export type Pair = ContestantName | "ours/reference" | "reference/ours";

/** What a case works with: a connected client, and how to get more of them. */
export interface Session {
  readonly client: Client;
  connect(): Promise<Client>;
}

interface CommonToCases {
  /** Unique among all cases. */
  readonly name: string;
  /** What is measured, in a sentence or less, for those who read the results. */
  readonly about: string;
  readonly link: Link;
  readonly pairs: readonly Pair[];
}

/** How long something takes. */
export interface TimedCase extends CommonToCases {
  readonly kind: "timed";
  /** What is counted, in the singular: a "call", an "element". */
  readonly unit: string;
  /** How many units a run is. */
  readonly units: number;
  /**
   * How many times as long as usual it warms up: where each unit takes a while, and code is
   * compiled late.
   */
  readonly warmUps?: number;
  /** Does it once. */
  run(session: Session): unknown;
  /** What {@link run} has to give; compared once, so that nobody is fast by doing nothing. */
  readonly expected?: unknown;
}

/** How the cost of something grows with its size. */
export interface GrowthCase extends CommonToCases {
  readonly kind: "growth";
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Does it once. */
  run(session: Session, size: number): Promise<unknown>;
}

/** How much memory something takes, at both ends. */
export interface HeapCase extends CommonToCases {
  readonly kind: "heap";
  readonly unit: string;
  readonly count: number;
  /** Makes what isn't to be counted. */
  prepare?(session: Session, count: number): Promise<void>;
  hold(session: Session, count: number): Promise<Held>;
}

/** How much goes over the wire. */
export interface TrafficCase extends CommonToCases {
  readonly kind: "traffic";
  readonly unit: string;
  readonly units: number;
  run(session: Session): Promise<unknown>;
}

export type Case = TimedCase | GrowthCase | HeapCase | TrafficCase;

/** Both of ours and the reference, as client and as server. */
export const OURS_AND_REFERENCE: readonly Pair[] = [
  "ours",
  "ours/reference",
  "reference/ours",
  "reference",
];

/** A client's method that a case needs, and that every contestant taking part in it has. */
export function need<K extends keyof Client>(client: Client, method: K): NonNullable<Client[K]> {
  const found = client[method];
  if (found === undefined) throw new Error(`This contestant has no ${method}().`);
  return found.bind(client) as NonNullable<Client[K]>;
}
