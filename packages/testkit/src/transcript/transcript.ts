import type { Notes, Step } from "../program/steps.ts";
import type { Feature } from "./features.ts";
import type { ProtocolVersion } from "./versions.ts";

/** An end of a session. The client is the end that connects. */
export type Side = "client" | "server";

/** Every {@link Side}. */
export const SIDES: readonly Side[] = ["server", "client"];

/** A message of a side, or its end of the connection. */
export interface Line {
  /** The side that sent the message or ended the connection. */
  readonly from: Side;
  /**
   * The number of the transcript's lines that had been delivered when this line was sent. Delivery
   * is in order, so the line depends on exactly the first `after` lines.
   */
  readonly after: number;
  /** The message, as JSON text; `undefined` if the side ended the connection. */
  readonly text: string | undefined;
  /** The message of the error with which the side ended the connection. */
  readonly end?: string;
}

/** The part of an end, for a player of it. */
export type Role =
  /** The end offers the application of docs/conformance.md, and nothing else. */
  | { readonly application: true }
  /** The end carries out a program. */
  | { readonly program: readonly Step[] }
  /** The end says its recorded lines, whatever it receives. They may be nonsense. */
  | { readonly raw: true };

/** A session, from its first message to its last. */
export interface Transcript {
  /** The scenario's id, such as `VAL-017`, which never changes. scenarios.txt lists all of them. */
  readonly id: string;
  /** The scenario's name, which is unique. */
  readonly name: string;
  /** The features that both ends need to be tested with it. */
  readonly features: readonly Feature[];
  /** The first version of the protocol that has everything in it. */
  readonly since: ProtocolVersion;
  /** The section of docs/protocol.md with the rule that it tests, as an anchor. */
  readonly section: string;
  /** The client's part. */
  readonly client: Role;
  /** The server's part. */
  readonly server: Role;
  /** True if everything fits into one HTTP batch. */
  readonly batch: boolean;
  /**
   * True if an implementation raises all errors in it by itself, and chooses their names and texts.
   */
  readonly ownWording: boolean;
  /**
   * The reason for not testing live peers with it: the recorded behaviour is peculiar to the
   * reference, or depends on the arrival times of messages.
   */
  readonly quirk?: string | undefined;
  /** An `onSendError` at the server that replaces errors, if it has one. */
  readonly onSendError?: "replace" | undefined;
  /** The notes of the client's program. */
  readonly notes: Notes;
  /** The messages of both sides, in the order of sending. */
  readonly lines: readonly Line[];
}
