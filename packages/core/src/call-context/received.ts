import { LimitError, ProtocolError } from "@capnweb/wire";
import { Carried } from "./carried.ts";
import { FLAT_BYTES } from "./counts.ts";
import { copyMetadata, type MetadataLimits } from "./plain-data.ts";

/** The longest `traceparent` that is taken. Those of version 00 have 55 characters. */
const LONGEST_TRACEPARENT = 128;

/** The longest `tracestate` that W3C Trace Context has every tracer keep. */
const LONGEST_TRACESTATE = 512;

/**
 * Reads a context that a peer sent. Members that aren't what they should be are ignored, because a
 * later version may give them another form; metadata isn't, because a call would run without it.
 *
 * @returns `undefined` for a context that says nothing
 * @throws LimitError for metadata over the limits
 * @throws ProtocolError for metadata that isn't plain data
 */
export function readContext(said: unknown, limits: MetadataLimits): Carried | undefined {
  const members = Object(said) as Record<string, unknown>;
  const copied =
    members["metadata"] == null ? undefined : readMetadata(members["metadata"], limits);
  const parent = readText(members["traceparent"], LONGEST_TRACEPARENT);
  const state = readText(members["tracestate"], LONGEST_TRACESTATE);
  const length = (parent?.length ?? 0) + (state?.length ?? 0);
  const carried = new Carried(
    readDeadline(members["deadline"]),
    copied?.metadata,
    parent,
    state,
    FLAT_BYTES.context + 2 * length + (copied?.bytes ?? 0),
  );
  const isEmpty =
    carried.deadline === Number.POSITIVE_INFINITY &&
    (carried.metadata ?? carried.traceparent ?? carried.tracestate) === undefined;
  return isEmpty ? undefined : carried;
}

/** A deadline that has passed already passes now. */
function readDeadline(left: unknown): number {
  if (typeof left !== "number" || Number.isNaN(left)) return Number.POSITIVE_INFINITY;
  return performance.now() + Math.max(0, left);
}

function readMetadata(metadata: unknown, limits: MetadataLimits) {
  try {
    return copyMetadata(metadata, limits);
  } catch (error) {
    // Errors of limits are of that class as well.
    if (error instanceof LimitError || !(error instanceof TypeError)) throw error;
    throw new ProtocolError(error.message, { cause: error });
  }
}

function readText(text: unknown, longest: number): string | undefined {
  return typeof text === "string" && text.length <= longest ? text : undefined;
}
