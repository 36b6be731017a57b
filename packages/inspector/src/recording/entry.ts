/** An end of a session. The client is the end that connects. */
export type Side = "client" | "server";

/** The other end of a session. */
export function otherSide(side: Side): Side {
  return side === "client" ? "server" : "client";
}

/** The start of a session. */
export interface OpenEntry {
  readonly kind: "open";
  /** The number of the session in its recording. */
  readonly session: number;
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  /** A name for people. */
  readonly label: string;
  /** The end that recorded the session; `undefined` if a proxy did. */
  readonly recordedBy?: Side | undefined;
  /** True if notes will follow. */
  readonly hasNotes?: boolean | undefined;
  readonly medium?: string | undefined;
  readonly address?: string | undefined;
  readonly identity?: string | undefined;
}

/** A frame: text with one or several messages, or the bytes of one value. */
export interface FrameEntry {
  readonly kind: "frame";
  readonly session: number;
  readonly at: number;
  /** The side that sent the frame. */
  readonly from: Side;
  readonly frame: string | Uint8Array;
  /** The size of a frame that was too long to be kept: `frame` is its beginning. */
  readonly size?: number | undefined;
}

/** A fact that isn't in the messages. Only the process that has the session knows it. */
export interface NoteEntry {
  readonly kind: "note";
  readonly session: number;
  readonly at: number;
  readonly note: Note;
}

/** The content of a {@link NoteEntry}. */
export type Note =
  /** The recording process made a call. */
  | { readonly is: "called"; readonly name: string; readonly stack: string }
  /** The recording process carries out the peer's call. */
  | {
      readonly is: "served";
      readonly serial: number;
      readonly name: string;
      readonly target: string | undefined;
    }
  /** A call of the peer has failed, and the peer hadn't asked for its result. */
  | {
      readonly is: "failed";
      /** The id of the result. */
      readonly id: number;
      readonly name: string;
      readonly message: string;
    }
  /** A call that was served has returned capabilities. */
  | { readonly is: "gave"; readonly serial: number; readonly given: readonly Given[] };

/** A capability in the result of a call. */
export interface Given {
  /** The name of its class, or `"function"`. */
  readonly label: string;
  /** The stack at its creation, if that is known. */
  readonly stack?: string | undefined;
}

/** The end of a session. */
export interface CloseEntry {
  readonly kind: "close";
  readonly session: number;
  readonly at: number;
  readonly reason: string;
}

/** An event of a recording. */
export type Entry = OpenEntry | FrameEntry | NoteEntry | CloseEntry;

/** The memory that an entry takes, in bytes, approximately. */
export function sizeOfEntry(entry: Exclude<Entry, NoteEntry>): number {
  const EMPTY = 120;
  if (entry.kind === "frame") return EMPTY + entry.frame.length;
  return entry.kind === "close" ? EMPTY + entry.reason.length : 4 * EMPTY + entry.label.length;
}

/** The memory that a note takes, in bytes, approximately. */
export function sizeOfNote(note: Note): number {
  const EMPTY = 120;
  if (note.is === "called") return EMPTY + note.name.length + note.stack.length;
  if (note.is === "served") return EMPTY + note.name.length;
  if (note.is === "failed") return EMPTY + note.name.length + note.message.length;
  return note.given.reduce(
    (sum, { label, stack = "" }) => sum + EMPTY + label.length + stack.length,
    EMPTY,
  );
}
