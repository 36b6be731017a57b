import type { RpcSessionOptions } from "./options.ts";

/**
 * What a peer that knows the extensions of the protocol can be sent (docs/protocol.md,
 * "Extensions").
 */
export interface Features {
  /**
   * An awaited call as one message, `stream`, to which the answer is the last. The published protocol
   * has it, for streams, and its peers answer it whatever is called.
   */
  calls?: boolean | undefined;
  /** Several messages in one text, with newlines between them. */
  frames?: boolean;
  /** Bytes beside a message's text, in a binary frame. */
  bytes?: boolean | undefined;
}

/** The id under which a side says what it knows: one that nobody has, so that others ignore it. */
export const ANNOUNCEMENT_ID = Number.MAX_SAFE_INTEGER;

/** What stands in the announcement of a side whose transport may carry binary frames. */
export function announcement(isBinary: boolean | undefined) {
  return { capnweb: { v: 1, features: [["calls", "frames", ...(isBinary ? ["bytes"] : [])]] } };
}

/** Turns on what both sides know, if `value` is a peer's announcement. */
export function adoptFeatures(
  features: Features,
  value: unknown,
  { streamCalls }: RpcSessionOptions,
  isBinary: boolean | undefined,
): void {
  const announced = (value as Partial<ReturnType<typeof announcement>> | null)?.capnweb?.features;
  if (!Array.isArray(announced)) return;
  const names: unknown[] = announced.flat();
  features.calls = streamCalls ?? names.includes("calls");
  features.frames = names.includes("frames");
  features.bytes = isBinary && names.includes("bytes");
}
