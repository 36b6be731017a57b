import { overLimit } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Attached } from "./attached.ts";

/** The end of a message in a text that joins several. */
const NEWLINE = "\n";

/**
 * True if a text joins several messages. No single message has that in it, however it is laid out.
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
export function checkFrameSize(text: string, limits: Limits): void {
  if (text.length > limits.maxFrameSize) throw overLimit(limits, "maxFrameSize");
}

/** The messages of a text that joins several, one per line. */
export class Lines {
  /** The bytes that came before the text. */
  readonly attached: Attached | undefined;
  readonly #text: string;
  /** The index at which the next line begins. */
  #at = 0;

  constructor(text: string, attached: Attached | undefined) {
    this.#text = text;
    this.attached = attached;
  }

  /** The length of the whole text, all of which is held until the last line is taken. */
  get length(): number {
    return this.#text.length;
  }

  /** True if a line is left. */
  get isLeft(): boolean {
    return this.#at <= this.#text.length;
  }

  /** Takes the next line. */
  take(): string {
    const text = this.#text;
    const start = this.#at;
    const newline = text.indexOf(NEWLINE, start);
    const end = newline < 0 ? text.length : newline;
    this.#at = end + 1;
    return text.slice(start, end);
  }
}
