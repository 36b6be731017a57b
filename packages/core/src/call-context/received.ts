import { LimitError, ProtocolError } from "@capnweb/wire";
import type { CallMetadata } from "./call-context.ts";
import { Carried } from "./carried.ts";
import { CONTEXT_BYTES } from "./counts.ts";
import { copyMetadata, type MetadataLimits } from "./plain-data.ts";

/** The longest `traceparent` to accept. Those of version 00 have 55 characters. */
const LONGEST_TRACEPARENT = 128;

/** The longest `tracestate` to accept. W3C Trace Context makes every tracer keep as much. */
const LONGEST_TRACESTATE = 512;

/** Metadata that was received before, and about the memory that it takes. */
export interface Kept {
  readonly metadata: CallMetadata;
  readonly bytes: number;
}

/**
 * Reads a context that a peer sent. Malformed members are ignored, because a later version may give
 * them another form. Malformed metadata isn't, because a call would run without it.
 *
 * @param kept the metadata, if the peer sent it before
 * @returns `undefined` for a context without content
 * @throws LimitError for metadata over the limits
 * @throws ProtocolError for metadata that isn't plain data
 */
export function readContext(
  said: unknown,
  limits: MetadataLimits,
  kept?: Kept,
): Carried | undefined {
  const members = Object(said) as Record<string, unknown>;
  const copied =
    kept ?? (members["metadata"] == null ? undefined : readMetadata(members["metadata"], limits));
  const parent = readText(members["traceparent"], LONGEST_TRACEPARENT);
  const state = readText(members["tracestate"], LONGEST_TRACESTATE);
  const length = (parent?.length ?? 0) + (state?.length ?? 0);
  const carried = new Carried(
    readDeadline(members["deadline"]),
    copied?.metadata,
    parent,
    state,
    CONTEXT_BYTES + 2 * length + (copied?.bytes ?? 0),
  );
  const isEmpty =
    carried.deadline === Infinity &&
    (carried.metadata ?? carried.traceparent ?? carried.tracestate) === undefined;
  return isEmpty ? undefined : carried;
}

/** A deadline that has already passed is set to now. */
function readDeadline(left: unknown): number {
  if (typeof left !== "number" || Number.isNaN(left)) return Infinity;
  return performance.now() + Math.max(0, left);
}

function readMetadata(metadata: unknown, limits: MetadataLimits) {
  try {
    return copyMetadata(metadata, limits);
  } catch (error) {
    // A LimitError is a TypeError as well.
    if (error instanceof LimitError || !(error instanceof TypeError)) throw error;
    throw new ProtocolError(error.message, { cause: error });
  }
}

/** Characters that may stand in a header. The text may be handed on in one. */
const PRINTABLE = /^[ -~]*$/;

function readText(text: unknown, longest: number): string | undefined {
  return typeof text === "string" && text.length <= longest && PRINTABLE.test(text)
    ? text
    : undefined;
}
