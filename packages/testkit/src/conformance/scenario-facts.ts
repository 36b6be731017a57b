import type { Line, Side, Transcript } from "../transcript/transcript.ts";
import { isIntroduction, parseMessage } from "./messages.ts";

const STREAM_CALLS: readonly unknown[] = ["write", "close", "abort"];

/** The imports that a side introduces in a transcript: its import `n` is at `n - 1`. */
export function introductionsOf(lines: readonly Line[], side: Side): unknown[][] {
  return messagesOf(lines, side).filter(isIntroduction);
}

/** True if import `id` of a side is the result of a call to a stream's writing end. */
export function isStreamCall(lines: readonly Line[], side: Side, id: number): boolean {
  const expression = introductionsOf(lines, side)[id - 1]?.[1] as unknown[] | undefined;
  const [tag, target, path] = expression ?? [];
  const isCall = tag === "pipeline" && target !== 0 && Array.isArray(path) && path.length === 1;
  return isCall && STREAM_CALLS.includes(path[0]);
}

/**
 * True if the session goes on after a transcript, with a main object at the server that answers.
 */
export function isSessionLeft({ server, lines }: Transcript): boolean {
  if ("raw" in server || lines.some(({ text }) => text === undefined)) return false;
  return [...messagesOf(lines, "client"), ...messagesOf(lines, "server")].every(
    ([tag, id]) => tag !== "abort" && !(tag === "release" && id === 0),
  );
}

function messagesOf(lines: readonly Line[], side: Side): unknown[][] {
  return lines
    .filter(({ from, text }) => from === side && text !== undefined)
    .map(({ text }) => parseMessage(text!));
}

/** Most milliseconds to wait for a message that the protocol doesn't demand. */
const INFORMATIONAL_TIMEOUT = 1000;

/** Milliseconds that a peer has for a message of a scenario. */
export function timeoutOf({ quirk }: Transcript, timeout: number): number {
  return quirk === undefined ? timeout : Math.min(timeout, INFORMATIONAL_TIMEOUT);
}
