import type { Client, Held, Link } from "../contestants/contestant.ts";
import type { ContestantName } from "../contestants/index.ts";

/** The client and the server of a case. A single name stands for both. */
export type Pair = ContestantName | "ours/reference" | "reference/ours";

/** The parts of a case: a connected client, and a way to get more clients. */
export interface Session {
  readonly client: Client;
  connect(): Promise<Client>;
}

interface CommonToCases {
  /** Unique among all cases. */
  readonly name: string;
  /** The measured operation, in at most a sentence, for readers of the results. */
  readonly about: string;
  readonly link: Link;
  readonly pairs: readonly Pair[];
}

/** A case that measures time. */
export interface TimedCase extends CommonToCases {
  readonly kind: "timed";
  /** The counted unit, in the singular: a "call", an "element". */
  readonly unit: string;
  /** The number of units in a run. */
  readonly units: number;
  /**
   * The warm-up time, as a multiple of the usual one. Needed where units take long, and code is
   * compiled late.
   */
  readonly warmUps?: number;
  /** Runs the operation once. */
  run(session: Session): unknown;
  /**
   * The expected result of {@link run}. It is compared once, so that no contestant is fast because
   * it does nothing.
   */
  readonly expected?: unknown;
}

/** A case that measures how cost grows with size. */
export interface GrowthCase extends CommonToCases {
  readonly kind: "growth";
  readonly unit: string;
  readonly sizes: readonly number[];
  /**
   * The warm-up time, as a multiple of the usual one. Needed where units take long, and code is
   * compiled late.
   */
  readonly warmUps?: number;
  /** Runs the operation once. */
  run(session: Session, size: number): Promise<unknown>;
}

/** A case that measures memory, at both ends. */
export interface HeapCase extends CommonToCases {
  readonly kind: "heap";
  readonly unit: string;
  readonly count: number;
  /** Makes the objects that aren't counted. */
  prepare?(session: Session, count: number): Promise<void>;
  hold(session: Session, count: number): Promise<Held>;
}

/** A case that counts messages and bytes on the wire. */
export interface TrafficCase extends CommonToCases {
  readonly kind: "traffic";
  readonly unit: string;
  readonly units: number;
  run(session: Session): Promise<unknown>;
}

export type Case = TimedCase | GrowthCase | HeapCase | TrafficCase;

/** Ours and the reference, as client and as server. */
export const OURS_AND_REFERENCE: readonly Pair[] = [
  "ours",
  "ours/reference",
  "reference/ours",
  "reference",
];

/** A client's method that a case needs. Every contestant in the case has it. */
export function need<K extends keyof Client>(client: Client, method: K): NonNullable<Client[K]> {
  const found = client[method];
  if (found === undefined) throw new Error(`This contestant has no ${method}().`);
  return found.bind(client) as NonNullable<Client[K]>;
}
