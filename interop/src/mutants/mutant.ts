import type { Feature } from "@capnweb/testkit";
import type { Habit } from "@capnweb/testkit/conformance";
import type { ServerOptions } from "ws";
import type { Mutate } from "./mutation.ts";

/** A correct server or client with a small change. */
export interface Mutant {
  /** Completes the sentence "a server that …" or "a client that …". */
  readonly title: string;
  /** True if the protocol forbids the change. The kit then has to fail the mutant. */
  readonly verdict: "forbidden" | "allowed";
  readonly side: "server" | "client";
  /** The features whose scenarios are run, unless `only` selects some. Default: all. */
  readonly features?: readonly Feature[] | undefined;
  /** Patterns of the scenarios that are run. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** The text of at least one failure of a forbidden mutant. */
  readonly complaint?: RegExp | undefined;
  /** The habits by which an allowed mutant differs from the recordings. */
  readonly habits?: readonly Habit[] | undefined;
  /** Milliseconds that it has for a message. Default: 1000 if forbidden, else 50,000. */
  readonly timeout?: number | undefined;
  /** True if it takes long to run, so that only `MUTANTS=all` runs it. */
  readonly isSlow?: boolean | undefined;
  readonly mutate: Mutate;
  /** Options of a server's WebSockets. */
  readonly sockets?: ServerOptions | undefined;
  /** Changes the bytes of a server's connections; see {@link FrameChange}. */
  readonly frames?: FrameChange | undefined;
  /** True if a server has one main object for all connections. */
  readonly isShared?: boolean | undefined;
}

/**
 * Makes the change to what the kit sends on one connection, below WebSockets. The result is called
 * with each packet, and returns the bytes that the server gets in its place.
 */
export type FrameChange = () => (packet: Buffer) => Buffer;

type Facts = Partial<Omit<Mutant, "title" | "side" | "verdict" | "mutate">>;

/** A maker of forbidden mutants of one side, in a short form. */
export const forbidden =
  (side: Mutant["side"]) =>
  (
    title: string,
    features: readonly Feature[],
    complaint: RegExp,
    mutate: Mutate,
    more: Facts = {},
  ): Mutant => ({ title, side, verdict: "forbidden", features, complaint, mutate, ...more });

/** A maker of allowed mutants of one side, in a short form. */
export const allowed =
  (side: Mutant["side"]) =>
  (title: string, mutate: Mutate, more: Facts = {}): Mutant => ({
    title,
    side,
    verdict: "allowed",
    mutate,
    ...more,
  });

/** A peer without changes. */
export const unchanged: Mutate = () => ({});
