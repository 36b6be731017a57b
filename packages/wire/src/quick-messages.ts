import type { Expression } from "./value-type.ts";

/*
 * Most messages of a session are a few dozen characters long, and differ only in numbers.
 * `JSON.parse` takes 0.4 µs for a call, as long as the rest of its delivery. This file takes a
 * quarter of that.
 */

/** The messages that have a fast path. */
type QuickMessage =
  | readonly ["push" | "stream", Expression]
  | readonly ["pull", number]
  | readonly ["resolve" | "release", number, number];

// The codes of characters.
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const CLOSE = 93;

/** The number of digits up to which a double holds every integer exactly. */
const MOST_DIGITS = 15;

/** The number of paths that are remembered. A power of two. */
const SLOTS = 16;

/** Longer paths aren't worth keeping. */
const LONGEST_PATH = 64;

/** Calls with unknown paths for each one that is remembered. */
const CALLS_PER_LOOK = 4;

const PUSH = '["push",["pipeline",';
const STREAM = '["stream",["pipeline",';
const RESOLVE = '["resolve",';
const RELEASE = '["release",';
const PULL = '["pull",';

/**
 * Reads a call, an integer result, a `pull` or a `release` that is written without spaces, as
 * sessions write them.
 *
 * @returns the message, equal to what `JSON.parse` gives; `undefined` for any other text, malformed
 *   text included
 */
export function readQuickly(text: string): QuickMessage | undefined {
  // The third character tells tags apart, except "push" and "pull", "resolve" and "release".
  switch (text.charCodeAt(2)) {
    case 115: // s
      return text.startsWith(STREAM) ? readCall("stream", text, STREAM.length) : undefined;
    case 112: // p
      if (text.startsWith(PUSH)) return readCall("push", text, PUSH.length);
      return text.startsWith(PULL) ? readNumbers("pull", text, PULL.length) : undefined;
    case 114: // r
      if (text.startsWith(RESOLVE)) return readNumbers("resolve", text, RESOLVE.length);
      return text.startsWith(RELEASE) ? readNumbers("release", text, RELEASE.length) : undefined;
    default:
      return undefined;
  }
}

/** The index after an integer at `start` of `text`; `start` itself if no integer is there. */
function endOfInteger(text: string, start: number): number {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  let end = first;
  while (isDigit(text.charCodeAt(end))) end++;
  const length = end - first;
  if (length === 0 || length > MOST_DIGITS) return start;
  // JSON has no leading zeros.
  return length > 1 && text.charCodeAt(first) === ZERO ? start : end;
}

/** The integer between two indexes of `text`. */
function integerIn(text: string, start: number, end: number): number {
  const isNegative = text.charCodeAt(start) === MINUS;
  let value = 0;
  for (let i = isNegative ? start + 1 : start; i < end; i++) {
    value = value * 10 + text.charCodeAt(i) - ZERO;
  }
  return isNegative ? -value : value;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

function readNumbers(
  tag: "pull" | "resolve" | "release",
  text: string,
  start: number,
): QuickMessage | undefined {
  const end = endOfInteger(text, start);
  if (end === start) return undefined;
  const id = integerIn(text, start, end);
  if (tag === "pull") return isEnd(text, end) ? [tag, id] : undefined;
  const last = endOfInteger(text, end + 1);
  if (text.charCodeAt(end) !== COMMA || last === end + 1 || !isEnd(text, last)) return undefined;
  const operand = integerIn(text, end + 1, last);
  // The slow path says what is wrong.
  if (tag === "release" && operand < 1) return undefined;
  return [tag, id, operand];
}

function isEnd(text: string, index: number): boolean {
  return index === text.length - 1 && text.charCodeAt(index) === CLOSE;
}

function readCall(tag: "push" | "stream", text: string, start: number): QuickMessage | undefined {
  const end = endOfInteger(text, start);
  if (end === start || text.charCodeAt(end) !== COMMA) return undefined;
  const known = paths[slotOf(text, end + 1)];
  if (!known || !text.startsWith(known.text, end + 1)) return undefined;
  const list = readList(text, end + 1 + known.text.length);
  // The receiver owns the copy, like the rest of the message.
  return list && [tag, ["pipeline", integerIn(text, start, end), known.path.slice(), list]];
}

/** A call's arguments: the list from `start` to the second-last character of the text. */
function readList(text: string, start: number): Expression[] | undefined {
  const last = text.length - 2;
  if (!text.endsWith("]]]")) return undefined;
  // Most lists are empty, or have one integer.
  if (text.startsWith("[]", start) && start + 2 === last) return [];
  const end = endOfInteger(text, start + 1);
  if (end > start + 1 && end === last - 1 && text.startsWith("[", start)) {
    return [integerIn(text, start + 1, end)];
  }
  try {
    const list: unknown = JSON.parse(text.slice(start, last));
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/** A path, and its text in messages, with the comma that follows. */
interface KnownPath {
  readonly text: string;
  readonly path: readonly Expression[];
}

/** Recent paths of calls, each in the slot that {@link slotOf} gives. */
const paths: (KnownPath | undefined)[] = new Array(SLOTS).fill(undefined);
let misses = 0;

/** The slot of the path whose text begins at `start`. Most names differ in their first letters. */
function slotOf(text: string, start: number): number {
  return (text.charCodeAt(start + 2) ^ (text.charCodeAt(start + 4) << 1)) & (SLOTS - 1);
}

/** Remembers the path of a call that {@link readQuickly} didn't know. */
export function learnPath(text: string, message: readonly unknown[]): void {
  const [tag, call] = message;
  if ((tag !== "push" && tag !== "stream") || !Array.isArray(call)) return;
  if (++misses % CALLS_PER_LOOK !== 0) return;
  const [, id, path] = call as readonly Expression[];
  if (!Array.isArray(path)) return;
  const start = (tag === "push" ? PUSH : STREAM).length + `${id}`.length + 1;
  const pathText = `${JSON.stringify(path)},`;
  if (pathText.length > LONGEST_PATH || !text.startsWith(pathText, start)) return;
  paths[slotOf(text, start)] = { text: pathText, path: path.slice() };
}
