import { type LimitsOption, ProtocolError, resolveLimits } from "@capnweb/wire";
import type { Carried } from "../call-context/carried.ts";
import { readContext } from "../call-context/received.ts";
import { ContextError } from "../errors.ts";
import type { CarriedHeaders } from "../transport.ts";

/** The headers that carry the context of a batch's calls. */
const CONTEXT_HEADERS = {
  traceparent: "traceparent",
  tracestate: "tracestate",
  /** The remaining whole milliseconds. */
  deadline: "capnweb-deadline",
  /** JSON, percent-encoded as a component of a URI. */
  metadata: "capnweb-metadata",
} as const;

/** The name of a header that carries a part of a context. */
export type ContextHeader = (typeof CONTEXT_HEADERS)[keyof typeof CONTEXT_HEADERS];

/** The context that the calls of one exchange share. */
export class SharedContext implements CarriedHeaders {
  #isEmpty = true;
  #metadata: string | undefined;
  #trace: Pick<Carried, "traceparent" | "tracestate"> | undefined;
  /** The latest deadline of all calls, on the clock of `performance.now()`. */
  #deadline = Number.NEGATIVE_INFINITY;

  /**
   * Adds a call.
   *
   * @throws ContextError for metadata other than that of the previous calls
   */
  add(carried: Carried | undefined): void {
    const metadata = carried?.metadata && JSON.stringify(carried.metadata);
    if (!this.#isEmpty && metadata !== this.#metadata) {
      throw new ContextError(
        "The calls of an HTTP batch have one set of metadata, and this call has another one than " +
          "those before it. Make it in a batch of its own.",
      );
    }
    this.#isEmpty = false;
    this.#metadata = metadata;
    if (carried?.traceparent) this.#trace ??= carried;
    // No call may be given up early, so the latest deadline counts.
    this.#deadline = Math.max(this.#deadline, carried?.deadline ?? Infinity);
  }

  get headers(): readonly (readonly [name: string, value: string])[] {
    const left = Math.ceil(this.#deadline - performance.now());
    const values: Record<keyof typeof CONTEXT_HEADERS, string | undefined> = {
      traceparent: this.#trace?.traceparent,
      tracestate: this.#trace?.tracestate,
      deadline: Number.isFinite(left) ? `${Math.max(0, left)}` : undefined,
      metadata: this.#metadata && encodeURIComponent(this.#metadata),
    };
    const headers: [string, string][] = [];
    for (const [name, header] of Object.entries(CONTEXT_HEADERS)) {
      const value = values[name as keyof typeof values];
      if (value !== undefined) headers.push([header, value]);
    }
    return headers;
  }
}

/**
 * Reads the context of a batch's calls, for the transport's `received`.
 *
 * @param read returns a header by its lower-case name
 * @param limits the limits of the session
 * @returns `undefined` if the headers contain none
 * @throws LimitError, DepthError for metadata over the limits
 * @throws ProtocolError for metadata that isn't an object of plain data
 */
export function readContextHeaders(
  read: (name: ContextHeader) => string | null | undefined,
  limits: LimitsOption | undefined,
): object | undefined {
  const header = (name: keyof typeof CONTEXT_HEADERS) => read(CONTEXT_HEADERS[name]) ?? undefined;
  const deadline = header("deadline");
  const metadata = header("metadata");
  const context = {
    traceparent: header("traceparent"),
    tracestate: header("tracestate"),
    // Not `Number` alone, which turns an empty text into 0.
    deadline: deadline && /^\d+$/.test(deadline) ? Number(deadline) : undefined,
    metadata: metadata === undefined ? undefined : parseMetadata(metadata),
  };
  return readContext(context, resolveLimits(limits, "server"));
}

function parseMetadata(header: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(header));
  } catch (cause) {
    const message = `${CONTEXT_HEADERS.metadata} isn't percent-encoded JSON.`;
    throw new ProtocolError(message, { cause });
  }
}
