import { pack } from "../recording/pack.ts";
import type { Recorder } from "../recording/recorder.ts";

/** A part of a recording, for a page. */
export interface Batch {
  /** The first, or the next, part of the state before the first line, as JSON text. */
  readonly state?: string | undefined;
  /** True if further parts of the state follow. */
  readonly hasMore?: boolean | undefined;
  /** Entries, as {@link pack} writes them. */
  readonly packed?: readonly (string | number)[] | undefined;
  /** The number of entries that were dropped before the first line. */
  readonly dropped: number;
}

/** Milliseconds that entries are collected before they are sent. */
const PAUSE = 60;
const MOST_ENTRIES = 1_000;
const MOST_CHARACTERS = 512 * 1024;

/**
 * Sends a recording to a page as it grows. The next batch waits until the page has taken the last
 * one. A page that is too slow misses entries, and gets the state behind them.
 */
export class Feed {
  readonly #recorder: Recorder;
  readonly #send: (batch: Batch) => PromiseLike<unknown>;
  #position = -1;
  #isStopped = false;
  #wake: (() => void) | undefined;

  /** @param send resolves once the page has taken the batch */
  constructor(recorder: Recorder, send: (batch: Batch) => PromiseLike<unknown>) {
    this.#recorder = recorder;
    this.#send = send;
  }

  /** Sends until {@link stop} is called. Rejects if the page can't be reached. */
  async run(): Promise<void> {
    const forget = this.#recorder.onEntry(() => this.#wake?.());
    try {
      while (!this.#isStopped) {
        if (this.#position < this.#recorder.start) await this.#sendState();
        else if (this.#position < this.#recorder.end) await this.#sendEntries();
        else await this.#pause();
      }
    } finally {
      forget();
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  async #sendState(): Promise<void> {
    const { start } = this.#recorder;
    const state = JSON.stringify(this.#recorder.snapshot());
    this.#position = start;
    for (let at = 0; at < state.length; at += MOST_CHARACTERS) {
      const end = at + MOST_CHARACTERS;
      const hasMore = end < state.length;
      await this.#send({ state: state.slice(at, end), hasMore, dropped: start });
    }
  }

  async #sendEntries(): Promise<void> {
    const packed: (string | number)[] = [];
    let size = 0;
    for (let left = MOST_ENTRIES; left > 0 && size < MOST_CHARACTERS; left--) {
      const entry = this.#recorder.get(this.#position);
      if (!entry) break;
      this.#position++;
      size += pack(entry, packed);
    }
    await this.#send({ packed, dropped: this.#recorder.start });
  }

  /** Waits for an entry, and then a little longer, so that a batch has several. */
  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#isStopped) resolve();
    });
    this.#wake = undefined;
    if (this.#isStopped) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, PAUSE).unref?.();
    });
  }
}
