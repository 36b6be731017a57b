import type { Attached } from "./attached.ts";

/**
 * How much of a text is split at a time: splitting all of a long one would take a turn by itself.
 */
const PORTION = 32_768;

/** The messages of a text that has several, a line each. */
export class Lines {
  /** The bytes that came before the text. */
  readonly attached: Attached | undefined;
  readonly #text: string;
  /** Where the part of the text begins that isn't split yet. */
  #at = 0;
  #portion: readonly string[] = [];
  #next = 0;

  constructor(text: string, attached: Attached | undefined) {
    this.#text = text;
    this.attached = attached;
  }

  /** The length of the whole text, all of which is there until the last line was taken. */
  get length(): number {
    return this.#text.length;
  }

  /** Whether a line is left. */
  get isLeft(): boolean {
    return this.#next < this.#portion.length || this.#at < this.#text.length;
  }

  /** The next line. */
  take(): string {
    if (this.#next === this.#portion.length) this.#split();
    return this.#portion[this.#next++]!;
  }

  #split(): void {
    const text = this.#text;
    const newline = text.length - this.#at <= PORTION ? -1 : text.indexOf("\n", this.#at + PORTION);
    const end = newline < 0 ? text.length : newline;
    const part = this.#at === 0 && end === text.length ? text : text.slice(this.#at, end);
    this.#portion = part.split("\n");
    this.#next = 0;
    this.#at = end + 1;
  }
}
