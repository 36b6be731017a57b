import type { Notes, Step } from "../program/steps.ts";

/** An end of a session. The client is the one that connects. */
export type Side = "client" | "server";

/** Every {@link Side}. */
export const SIDES: readonly Side[] = ["server", "client"];

/** What a side said, or that it ended the connection. */
export interface Line {
  readonly from: Side;
  /**
   * How many lines of the transcript had been delivered when this was sent. Delivery is in order,
   * so the line depends on the first `after` lines, and on no others.
   */
  readonly after: number;
  /** The message, as JSON text. `undefined` where the side ended the connection. */
  readonly text: string | undefined;
  /** The message of the error for which the side ended the connection. */
  readonly end?: string;
}

/** What an end does, for whoever wants to play it. */
export type Role =
  /** It offers the application of docs/conformance.md, and nothing else. */
  | { readonly application: true }
  /** It carries out a program. */
  | { readonly program: readonly Step[] }
  /** It says what the transcript says, whatever it gets: nonsense, for instance. */
  | { readonly raw: true };

/** A session, from its first message to its last. */
export interface Transcript {
  readonly name: string;
  /** What the two ends have to know to be tested with it. */
  readonly features: readonly Feature[];
  readonly client: Role;
  readonly server: Role;
  /** Whether everything fits into one HTTP batch. */
  readonly batch: boolean;
  /**
   * Whether an implementation raises all errors in it by itself, and chooses their names and texts.
   */
  readonly ownWording: boolean;
  /**
   * Why a live peer isn't held to it: what was recorded is peculiar to the reference, or depends on
   * when messages arrive.
   */
  readonly quirk?: string | undefined;
  /** An `onSendError` at the server that replaces errors, if it has one. */
  readonly onSendError?: "replace" | undefined;
  /** What the client's program noted. */
  readonly notes: Notes;
  readonly lines: readonly Line[];
}

/** What an implementation may or may not have. */
export type Feature =
  | "values"
  | "errors"
  | "pipelining"
  | "promises"
  | "capabilities"
  | "map"
  | "streams"
  | "blobs"
  | "fetch"
  | "malformed";

/** Every {@link Feature}. */
export const FEATURES: readonly Feature[] = [
  "values",
  "errors",
  "pipelining",
  "promises",
  "capabilities",
  "map",
  "streams",
  "blobs",
  "fetch",
  "malformed",
];
