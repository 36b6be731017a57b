import type { EncodingLevel } from "@capnweb/core";
import { ANNOUNCEMENT_ID } from "@capnweb/wire";
import { ResumeError } from "./errors.ts";

/**
 * A control message: one that the transports at both ends exchange, unseen by the sessions. It
 * isn't counted. docs/protocol.md describes each of them.
 */
export type Control =
  | { readonly kind: "resume"; readonly resume: Hello }
  | { readonly kind: "resume"; readonly resume: Accepted }
  | ({ readonly kind: "resumed"; readonly received: number } & Accepted)
  | { readonly kind: "fresh"; readonly epoch: string | undefined }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "ack"; readonly received: number }
  | { readonly kind: "closed"; readonly reason: string }
  | { readonly kind: "goaway"; readonly deadline: number };

/** The first message of the connecting side on each connection. */
export interface Hello {
  readonly secret: string;
  /** 0 if it starts a session; higher on each later connection. */
  readonly generation: number;
  /** The number of frames that the sender's session received. */
  readonly received: number;
  /** The bytes that the sender keeps for the peer. */
  readonly buffer: number | undefined;
  /** The secret for the next connection, unless the message starts a session. */
  readonly next: string | undefined;
  /** Milliseconds since the session's first hello, if the sender never got an answer. */
  readonly age: number | undefined;
  /** The number of frames after this one that only peers without `resume` answer. */
  readonly probe: number;
}

/** The accepting side's facts, in its answer to a hello. */
export interface Accepted {
  readonly epoch: string | undefined;
  readonly window: number | undefined;
  readonly buffer: number | undefined;
}

/** Longest text of a control message that is read, in UTF-16 code units. */
const LONGEST_CONTROL = 2_048;

/** Longest reason, epoch or secret, in UTF-16 code units. */
const LONGEST_TEXT = 256;

/** The beginning of every control message, in any layout. */
const BEGINNING = /^\s*\[\s*"reject"\s*,\s*2147483647\s*,/;

/**
 * Reads a frame if it is a control message.
 *
 * @returns `undefined` for all frames of sessions
 * @throws ResumeError for a control message with malformed content
 */
export function readControl(frame: unknown): Control | undefined {
  const content = typeof frame === "string" ? inText(frame) : inTree(frame);
  if (content === undefined) return undefined;
  const [name, ...others] = Object.keys(content);
  if (name === undefined || others.length > 0 || !Object.hasOwn(READERS, name)) return undefined;
  const control = READERS[name as ControlName](content[name]);
  if (control) return control;
  throw new ResumeError("RESUME_PROTOCOL", `The peer sent a malformed "${name}" message.`);
}

function inText(text: string): Fields | undefined {
  if (text.length > LONGEST_CONTROL || !BEGINNING.test(text)) return undefined;
  try {
    return inTree(JSON.parse(text));
  } catch {
    // The session reports it.
    return undefined;
  }
}

function inTree(tree: unknown): Fields | undefined {
  if (!Array.isArray(tree)) return undefined;
  const [tag, id, value] = tree as unknown[];
  if (tag !== "reject" || id !== ANNOUNCEMENT_ID || !isFields(value)) return undefined;
  const { capnweb } = value;
  return isFields(capnweb) ? capnweb : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

type ControlName = Control["kind"];

/** Each reads the content of one kind, and returns `undefined` if it is malformed. */
const READERS: Readonly<Record<ControlName, (content: unknown) => Control | undefined>> = {
  resume(content) {
    if (!isFields(content)) return undefined;
    if (content["secret"] !== undefined) return readHello(content);
    return { kind: "resume", resume: acceptedIn(content) };
  },
  resumed(content) {
    if (!isFields(content)) return undefined;
    const { received } = content;
    return isCount(received) ? { kind: "resumed", received, ...acceptedIn(content) } : undefined;
  },
  fresh(content) {
    return isFields(content) ? { kind: "fresh", epoch: textIn(content["epoch"]) } : undefined;
  },
  refused: (content) => withReason("refused", content),
  ack: (content) => (isCount(content) ? { kind: "ack", received: content } : undefined),
  closed: (content) => withReason("closed", content),
  goaway(content) {
    const deadline = isFields(content) ? timeIn(content["deadline"]) : undefined;
    return deadline === undefined ? undefined : { kind: "goaway", deadline };
  },
};

function withReason(kind: "refused" | "closed", content: unknown): Control | undefined {
  return isFields(content) ? { kind, reason: textIn(content["reason"]) ?? "" } : undefined;
}

function acceptedIn({ epoch, window, buffer }: Fields): Accepted {
  return { epoch: textIn(epoch), window: timeIn(window), buffer: timeIn(buffer) };
}

function readHello(content: Fields): Control | undefined {
  const { secret, generation, received, buffer, next, age, probe = 0 } = content;
  const isWellFormed =
    isSecret(secret) &&
    isCount(generation) &&
    isCount(received) &&
    (next === undefined || isSecret(next)) &&
    (generation === 0 || next !== undefined) &&
    (probe === 0 || probe === PROBE.length);
  if (!isWellFormed) return undefined;
  const resume = {
    secret,
    generation,
    received,
    buffer: timeIn(buffer),
    next,
    age: timeIn(age),
    probe,
  };
  return { kind: "resume", resume };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** True for 256 bits in base64url. */
function isSecret(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT) : undefined;
}

/** A number of milliseconds or bytes. */
function timeIn(value: unknown): number | undefined {
  return Number.isFinite(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/**
 * Two messages that every peer answers at the start of a session. A peer that doesn't know `resume`
 * reveals itself by the answer.
 */
const PROBE: readonly (readonly unknown[])[] = [
  ["push", 1],
  ["pull", 1],
];

/** The frames of the probe, at an encoding level. */
export function probeFrames(level: EncodingLevel): unknown[] {
  return PROBE.map((message) => frameOf(message, level));
}

/** Content of a control message, to write. Members that are `undefined` are left out. */
export type ControlContent =
  | { readonly resume: Partial<Hello> | Accepted }
  | { readonly resumed: { readonly received: number } & Accepted }
  | { readonly fresh: { readonly epoch: string } }
  | { readonly refused: { readonly reason: string } }
  | { readonly ack: number }
  | { readonly closed: { readonly reason: string } }
  | { readonly goaway: { readonly deadline: number } };

/** Writes a control message as a frame of an encoding level. */
export function writeControl(capnweb: ControlContent, level: EncodingLevel): unknown {
  return frameOf(["reject", ANNOUNCEMENT_ID, { capnweb }], level);
}

function frameOf(message: readonly unknown[], level: EncodingLevel): unknown {
  const text = JSON.stringify(message);
  // A tree is made anew, because its receiver may own it.
  return level === "string" ? text : JSON.parse(text);
}

/** The message of an error as the reason in a control message. */
export function reasonOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, LONGEST_TEXT);
  } catch {
    return "The session failed.";
  }
}
