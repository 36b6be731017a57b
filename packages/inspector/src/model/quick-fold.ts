import type { SessionState } from "./session-state.ts";
import { enter, newQuickCall, type QuickCall, type SideTables } from "./tables.ts";
import { copied, LONGEST_NAME } from "./text.ts";

/*
 * A recorder folds each message that it drops into the state of its session. Most messages are
 * calls on the main object, and answers, that carry no reference. Reading them in full takes 4 µs
 * per call; this file takes a tenth of that (npm run bench:inspector).
 */

const PUSH = '["push",["pipeline",0,[';
export const STREAM = '["stream",["pipeline",0,[';
export const RESOLVE = '["resolve",';
const RELEASE = '["release",';
const PULL = '["pull",';
const REFERENCE = /"(?:export|promise|writable|readable|import|pipeline|remap)"/g;

/**
 * Longer calls are read in full. The text of a call is kept until its result is given up, and a
 * peer may hold thousands of results of long calls.
 */
export const LONGEST_CALL = 256;

const QUOTE = 34;
const ZERO = 48;
const NINE = 57;
const BRACKET = 93;

/**
 * Notes a message without reading it in full, if that suffices.
 *
 * @param from the tables of its sender
 * @param isPart true if the text is a part of a longer one
 * @returns false for any other message, of which nothing was noted
 */
export function foldQuickly(
  model: SessionState,
  from: SideTables,
  text: string,
  at: number,
  isPart: boolean,
): boolean {
  // The third character tells tags apart, except "push" and "pull", "resolve" and "release".
  const third = text.charCodeAt(2);
  if (third === 115) return foldCall(model, text, STREAM, from, at, isPart);
  if (third === 112) {
    return foldCall(model, text, PUSH, from, at, isPart) || foldPull(text, from, at);
  }
  return third === 114 && (foldAnswer(text, model.peerOf(from), at) || foldRelease(text, from));
}

function foldCall(
  model: SessionState,
  text: string,
  start: string,
  from: SideTables,
  at: number,
  isPart: boolean,
): boolean {
  if (text.length > LONGEST_CALL) return false;
  if (!text.startsWith(start) || hasReference(text, start.length)) return false;
  // Notes find their call by its name.
  const { hasNotes } = model.info;
  const name = hasNotes ? nameIn(text, start.length) : "";
  if (name === undefined) return false;
  if (from.isTripAnswered) {
    from.trip++;
    from.isTripAnswered = false;
  }
  const kept = isPart ? copied(text) : text;
  const call = newQuickCall(++from.next, kept, from.trip, start === STREAM, at);
  if (hasNotes) {
    if (from.side === model.info.recordedBy) call.stack = model.notes.stackOf(name);
    else model.notes.wait(name, call);
  }
  enter(from.results, call.id, call);
  return true;
}

/** The name of a call whose path is one simple name. The list of the path begins at an index. */
function nameIn(text: string, start: number): string | undefined {
  if (text.charCodeAt(start) !== QUOTE) return undefined;
  const end = text.indexOf('"', start + 1);
  if (text.charCodeAt(end + 1) !== BRACKET) return undefined;
  const name = text.slice(start + 1, end);
  const isSimple = name !== "" && name.length <= LONGEST_NAME && !name.includes("\\");
  return isSimple ? name : undefined;
}

function foldPull(text: string, from: SideTables, at: number): boolean {
  const call = quickCall(text, PULL, from);
  if (!call) return false;
  call.pulledAt ??= at;
  return true;
}

function foldAnswer(text: string, peer: SideTables, at: number): boolean {
  const call = quickCall(text, RESOLVE, peer);
  if (!call || hasReference(text, RESOLVE.length)) return false;
  call.answeredAt ??= at;
  if (call.trip === peer.trip) peer.isTripAnswered = true;
  if (call.isStreamed) peer.results.delete(idIn(text, RESOLVE.length));
  return true;
}

function foldRelease(text: string, from: SideTables): boolean {
  const call = quickCall(text, RELEASE, from);
  // A rejection may still come, if there was no answer.
  if (call?.answeredAt === undefined) return false;
  return from.results.delete(idIn(text, RELEASE.length));
}

function quickCall(text: string, start: string, { results }: SideTables): QuickCall | undefined {
  if (!text.startsWith(start)) return undefined;
  const result = results.get(idIn(text, start.length));
  return result?.is === "quick" ? result : undefined;
}

/** The number at an index; 0, which is no id of a result, if there is none. */
export function idIn(text: string, start: number): number {
  let id = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) break;
    id = id * 10 + code - ZERO;
  }
  return id;
}

function hasReference(text: string, start: number): boolean {
  REFERENCE.lastIndex = start;
  return REFERENCE.test(text);
}
