import type { Packed } from "../recording/pack.ts";
import type { Recorder } from "../recording/recorder.ts";
import type { FeedBudget } from "./feed-budget.ts";

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
  /** The number of entries between the last line that the page got and the state. */
  readonly skipped?: number | undefined;
}

/**
 * Milliseconds that entries are collected before they are sent. A page draws as seldom. A busy
 * server would otherwise send a batch for every few calls, which costs as much as the calls.
 */
const PAUSE = 100;
const MOST_ENTRIES = 2_000;
/**
 * UTF-16 code units of the state, or bytes of entries, in a batch. A socket takes so much at once.
 * It would take the rest of a larger batch later, when its time doesn't count.
 */
const MOST_SIZE = 64 * 1024;

/**
 * Sends a recording to a page as it grows. The next batch waits until the page has taken the last
 * one, and until the budget allows it. A page that is too slow, and a page of a server that is too
 * busy, miss entries, and get the state behind them.
 */
export class Feed {
  readonly #recorder: Recorder;
  readonly #budget: FeedBudget;
  readonly #send: (batch: Batch) => PromiseLike<unknown>;
  #position = -1;
  #isStopped = false;
  #wake: (() => void) | undefined;

  /**
   * @param budget shared by all feeds of the recorder
   * @param send resolves once the page has taken the batch
   */
  constructor(
    recorder: Recorder,
    budget: FeedBudget,
    send: (batch: Batch) => PromiseLike<unknown>,
  ) {
    this.#recorder = recorder;
    this.#budget = budget;
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
    while (this.#position < end && !this.#isStopped) {
      await this.#budget.turn();
      if (this.#isStopped) return;
      if (this.#position < this.#recorder.start) await this.#sendState();
      else await this.#sendBatch(() => this.#take());
    }
  }

  /**
   * Sends the state, and the entries behind it. They are taken together, because a busy server may
   * have dropped these entries once the page has the state.
   */
  async #sendState(): Promise<void> {
    const { start } = this.#recorder;
    const skipped = this.#position < 0 ? undefined : start - this.#position;
    const { result } = await this.#budget.work(() => {
      const state = JSON.stringify(this.#recorder.snapshot());
      this.#position = start;
      return { state, entries: this.#take() };
    });
    const { state, entries } = result;
    for (let at = 0; at < state.length && !this.#isStopped; at += MOST_SIZE) {
      const part = state.slice(at, at + MOST_SIZE);
      const hasMore = at + MOST_SIZE < state.length;
      await this.#budget.turn();
      await this.#sendBatch(() => ({ state: part, hasMore, dropped: start, skipped }));
    }
    if (this.#position === start) return;
    await this.#budget.turn();
    if (!this.#isStopped) await this.#sendBatch(() => entries);
  }

  /** Takes the next entries. */
  #take(): Batch {
    const { packed, end } = this.#recorder.pack(this.#position, MOST_ENTRIES, MOST_SIZE);
    this.#position = end;
    return { packed, dropped: this.#recorder.start };
  }

  async #sendBatch(make: () => Batch): Promise<void> {
    // Asked for at once, so that the session sends a single message.
    const { result } = await this.#budget.work(() => [Promise.resolve(this.#send(make()))]);
    await result[0];
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
