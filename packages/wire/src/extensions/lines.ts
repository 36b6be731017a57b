import { overLimit } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Attached } from "./attached.ts";

/** The end of a message in a text that joins several. */
const NEWLINE = "\n";

/**
 * Whether a text joins several messages. No single message has that in it, however it is laid out.
 */
export function isJoined(text: string): boolean {
  // Most texts have no newline, and one character is found sooner than three.
  return text.indexOf(NEWLINE) >= 0 && text.includes("]\n[");
}

/**
 * Joins a message to a text.
 *
 * @param longest the limit of the result, in UTF-16 code units
 * @returns `undefined` if the result would be longer
 */
export function joined(text: string, message: string, longest: number): string | undefined {
  return text.length + message.length < longest ? `${text}${NEWLINE}${message}` : undefined;
}

/** @throws LimitError for a text over `maxFrameSize` */
export function checkFrameSize(text: string, { maxFrameSize }: Limits): void {
  if (text.length <= maxFrameSize) return;
  throw overLimit(
    "maxFrameSize",
    `Incoming text exceeds maximum size of ${maxFrameSize} UTF-16 code units.`,
  );
}

/**
 * Code units of a text that are split at a time: splitting all of a long one would take a turn of
 * the event loop by itself.
 */
const PORTION = 32_768;

/** The messages of a text that joins several, one per line. */
export class Lines {
  /** The bytes that came before the text. */
  readonly attached: Attached | undefined;
  readonly #text: string;
  /** The beginning of the part of the text that isn't split yet. */
  #at = 0;
  #portion: readonly string[] = [];
  #next = 0;

  constructor(text: string, attached: Attached | undefined) {
    this.#text = text;
    this.attached = attached;
  }

  /** The length of the whole text, all of which is held until the last line is taken. */
  get length(): number {
    return this.#text.length;
  }

  /** Whether a line is left. */
  get isLeft(): boolean {
    return this.#next < this.#portion.length || this.#at < this.#text.length;
  }

  /** Takes the next line. */
  take(): string {
    if (this.#next === this.#portion.length) this.#split();
    return this.#portion[this.#next++]!;
  }

  #split(): void {
    const text = this.#text;
    const newline =
      text.length - this.#at <= PORTION ? -1 : text.indexOf(NEWLINE, this.#at + PORTION);
    const end = newline < 0 ? text.length : newline;
    const part = this.#at === 0 && end === text.length ? text : text.slice(this.#at, end);
    this.#portion = part.split(NEWLINE);
    this.#next = 0;
    this.#at = end + 1;
  }
}
