import type { LimitError, LimitName, Limits } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";

/**
 * The numbers by which sessions count the work and the memory that their peers cause. The limits
 * themselves, and their defaults, are in `limits.ts` of `@capnweb/wire`. The weights of values are
 * in their rows.
 */

// Work.

/** As how many steps the parts of the work count that aren't values; a step takes about 0.1 µs. */
export const STEPS = Object.freeze({
  /** A call of an application's function. */
  call: 16,
  /** A call that goes on after its method returned, or waits for its arguments. */
  pendingCall: 48,
  /** A `map()` instruction, for each element. */
  instruction: 16,
  /** An element that `map()` goes through. */
  element: 16,
  /** An operation that is passed on by a promise. */
  hop: 16,
  /** A promise found in what another promise resolved to. */
  promiseFound: 16,
  /** A reference that a copied value gets of its own. */
  reference: 8,
  /** An answer to the peer. */
  answer: 32,
});

/** The code units or bytes of a value made anew that count as one step. */
export const LENGTH_PER_STEP = 16;

/** The steps of a value in a `map()` instruction: it is copied as well as looked at. */
export const INSTRUCTION_VALUE_STEPS = 2;

/** The values that a capture of a `map()` counts as: it is one more reference. */
export const CAPTURE_VALUES = 8;

/** The steps of work that no message asked for. */
export const LOCAL_STEPS = 2 ** 20;

/** The most promises and calls that may pass on one operation. */
export const MOST_HOPS = 256;

/** The most promises that may stand for one another. A longer chain is taken to have no end. */
export const LONGEST_CHAIN = 256;

// Memory, in bytes.

/** The entries of a session, besides the values in them. */
export const FLAT_BYTES = Object.freeze({
  export: 128,
  import: 256,
  pendingCall: 2_048,
  /** An answer that is still to come, to a peer that has given up the export. */
  lateAnswer: 512,
  pipe: 4_096,
  /** A context, besides its metadata and trace. */
  context: 256,
});

/** A result that is still to come, besides its export. */
export const PENDING_RESULT_BYTES = 640;

/** An operation that waits for a promise, besides its arguments. */
export const WAITING_STEP_BYTES = 896;

/** A promise in arguments, while it is waited for. */
export const AWAITED_PROMISE_BYTES = 512;

/** A value of a copy, on average. */
export const COPIED_VALUE_BYTES = 12;

/** A stub in a value. */
export const STUB_BYTES = 128;

/** A promise in a value. */
export const PROMISE_BYTES = 256;

/** A stream in a value. */
export const STREAM_BYTES = 4_096;

/** A call of a stream that waits for the stream's reader, besides its message. */
export const STREAM_CALL_BYTES = 1_536;

/** A chunk that waits in a pipe, besides its value. */
export const CHUNK_BYTES = 512;

// The errors.

/** The words for each limit of a session that a count goes over, with the limit in place of `#`. */
const EXCEEDED = {
  maxWork: "A message set off more than # steps.",
  maxExports: "The peer holds more than # exports.",
  maxImports: "The peer has introduced more than # capabilities.",
  maxPendingCalls: "More than # calls of the peer are pending.",
  maxPipes: "The peer has more than # pipes.",
  maxHeldBytes: "More than # bytes are held for the peer.",
  maxProcessHeldBytes:
    "The sessions of the process hold more than # bytes, and this one is the largest of the " +
    "network that holds most.",
  maxMetadataSize: "Metadata takes more than # code units.",
  maxMessageRate: "More than # messages a second arrive.",
  maxByteRate: "More than # bytes a second arrive.",
} as const satisfies Partial<Record<LimitName, string>>;

/** The name of a limit that a session counts towards. */
export type CountedLimit = keyof typeof EXCEEDED;

/** The error of a count that is over its limit. */
export function exceeded<L extends CountedLimit>(limits: Pick<Limits, L>, limit: L): LimitError {
  return overLimit(limit, EXCEEDED[limit].replace("#", `${limits[limit]}`));
}

/** A side whose peer is bound by limits. */
export interface Bounded {
  readonly limits: Limits;
  /** Ends the session. */
  exceeded(error: LimitError): void;
}

/** Ends the session whose count is over its limit. @throws LimitError always */
export function endOver(session: Bounded, limit: CountedLimit): never {
  const error = exceeded(session.limits, limit);
  session.exceeded(error);
  throw error;
}
