/**
 * The numbers by which sessions count the work and the memory that their peers cause. The limits
 * themselves, and their defaults, are in `limits.ts` of `@capnweb/wire`. The weights of values are
 * in their rows.
 *
 * This file has constants only, and imports nothing. Bundlers then put the numbers in the place of
 * the names, in all files.
 */

// Work that isn't values, in steps. A step takes about 0.1 µs.

/** The steps, or code units, from which a message is heavy: about a millisecond. */
export const HEAVY_MESSAGE = 16_384;

/** A call of an application's function. */
export const CALL_STEPS = 16;

/** A call that goes on after its method returned, or waits for its arguments. */
export const PENDING_CALL_STEPS = 48;

/** A `map()` instruction, for each element. */
export const INSTRUCTION_STEPS = 16;

/** An element that `map()` goes through. */
export const ELEMENT_STEPS = 16;

/** An operation that is passed on by a promise. */
export const HOP_STEPS = 16;

/** A promise found in what another promise resolved to. */
export const FOUND_PROMISE_STEPS = 16;

/** A reference that a copied value gets of its own. */
export const REFERENCE_STEPS = 8;

/** An answer to the peer. */
export const ANSWER_STEPS = 32;

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

/** The entry of an export, besides its value. */
export const EXPORT_BYTES = 128;

/** The entry of an import. */
export const IMPORT_BYTES = 256;

/** A call that waits or goes on, besides its arguments. */
export const PENDING_CALL_BYTES = 2_048;

/** An answer that is still to come, to a peer that has given up the export. */
export const LATE_ANSWER_BYTES = 512;

/** A pipe, besides the chunks in it. */
export const PIPE_BYTES = 4_096;

/** A context, besides its metadata and trace. */
export const CONTEXT_BYTES = 256;

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

/** A member of an object or list, besides its value. */
export const MEMBER_BYTES = 16;

/** An object or list, besides its members. */
export const CONTAINER_BYTES = 48;

/** A chunk in flight, at least. It takes some kilobytes, however small it is. */
export const LEAST_CHUNK_BYTES = 512;

/** A message that waits for its turn, at least. */
export const LEAST_ITEM_BYTES = 64;

/** The size below which flat amounts cover a message's values. */
export const LEAST_WEIGHED_MESSAGE = 256;

/** The size below which flat amounts cover the values of a chunk. */
export const LEAST_WEIGHED_CHUNK = 64;

/** The size below which the flat amount covers a result. */
export const LEAST_WEIGHED_RESULT = 512;

/** The bytes of a session above which it counts towards the process's. */
export const HEAVY_SESSION_BYTES = 16 * 1024;

/** The bytes of a session below which it no longer counts towards the process's. */
export const LIGHT_SESSION_BYTES = 8 * 1024;

/** The bytes below which a value is sent in the text, because a frame of its own costs more. */
export const LEAST_ATTACHED_BYTES = 512;

// Estimates of messages that aren't texts.

/**
 * The depth below which trees aren't examined. Decoders refuse deeper ones, and circles have no
 * end.
 */
export const DEEPEST_TREE = 2_048;

/** Default of the members to examine: as many as a server decodes by default. */
export const MOST_ESTIMATED = 2 ** 20;

// Rates.

/** Idle seconds whose messages a peer may make up for. */
export const BURST_SECONDS = 10;
