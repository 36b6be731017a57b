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
  /** Bytes in binary frames of their own, before the text that has a message that refers to them. */
  bytes?: boolean | undefined;
}

/** The id under which a side says what it knows: one that nobody has, so that others ignore it. */
export const ANNOUNCEMENT_ID = Number.MAX_SAFE_INTEGER;

/** A message that says so, and its text, which are the same for all sessions. */
export interface Announcement {
  readonly message: readonly ["reject", id: number, value: unknown];
  readonly text: string;
}

function announcementOf(...names: string[]): Announcement {
  const message = ["reject", ANNOUNCEMENT_ID, { capnweb: { v: 1, features: [names] } }] as const;
  return { message, text: JSON.stringify(message) };
}

const TEXTUAL = announcementOf("calls", "frames");
const BINARY = announcementOf("calls", "frames", "bytes");

/** What a side announces whose transport may carry binary frames, or may not. */
export function announcement(isBinary: boolean | undefined): Announcement {
  return isBinary ? BINARY : TEXTUAL;
}

/** Turns on what both sides know, if `value` is a peer's announcement. */
export function adoptFeatures(
  features: Features,
  value: unknown,
  streamCalls: RpcSessionOptions["streamCalls"],
  isBinary: boolean | undefined,
): void {
  const announced = (value as { capnweb?: { features?: unknown } } | null)?.capnweb?.features;
  if (!Array.isArray(announced)) return;
  const names: unknown[] = announced.flat();
  features.calls = streamCalls ?? names.includes("calls");
  features.frames = names.includes("frames");
  // The outbox keeps bytes and their text together where it holds messages back.
  features.bytes = isBinary && features.frames && names.includes("bytes");
}
