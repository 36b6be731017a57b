import { Attached, isJoined, joined, Lines } from "@capnweb/wire/internal";

/** Frames of several messages, and bytes in frames of their own. */
export const FRAMING = { Attached, Lines, isJoined, joined } as const;

/** The type of {@link FRAMING}. */
export type Framing = typeof FRAMING;
