import type { Packed } from "../recording/pack.ts";
import type { Recorder } from "../recording/recorder.ts";

/** A part of a recording, for a page. */
export interface Batch {
  /** The first, or the next, part of the state before the first line, as JSON text. */
  readonly state?: string | undefined;
  /** True if further parts of the state follow. */
  readonly hasMore?: boolean | undefined;
  /** Entries. */
  readonly packed?: Packed | undefined;
  /** The number of entries that were dropped before the first line. */
  readonly dropped: number;
}

/**
 * Milliseconds that entries are collected before they are sent. A page draws as seldom. A busy
 * server would otherwise send a batch for every few calls, which costs as much as the calls.
 */
const PAUSE = 100;
const MOST_ENTRIES = 2_000;
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
    while (!this.#isStopped) {
      await this.#catchUp();
      await this.#growth();
      await pause();
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  /** Sends all entries that there are now. Later ones wait for the next pause to be over. */
  async #catchUp(): Promise<void> {
    const { end } = this.#recorder;
    while (!this.#isStopped) {
      if (this.#position < this.#recorder.start) await this.#sendState();
      else if (this.#position < end) await this.#sendEntries();
      else break;
    }
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
    const { packed, end } = this.#recorder.pack(this.#position, MOST_ENTRIES, MOST_CHARACTERS);
    this.#position = end;
    await this.#send({ packed, dropped: this.#recorder.start });
  }

  /** Waits until there is an entry to send. */
  async #growth(): Promise<void> {
    if (this.#isStopped || this.#position < this.#recorder.end) return;
    await new Promise<void>((resolve) => {
      // Entries that come before the next batch needn't wake it again.
      const forget = this.#recorder.onEntry(() => this.#wake?.());
      this.#wake = () => {
        forget();
        resolve();
      };
    });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE).unref?.();
  });
}
