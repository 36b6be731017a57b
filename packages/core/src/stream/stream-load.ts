import type { FlowControl } from "./flow-control.ts";

/** The streams that this process writes to peers, at one moment. */
export interface StreamLoad {
  /** The streams that were written to, and haven't ended. */
  readonly streams: number;
  /** Their windows: the bytes that may be in flight, as flow control estimates them. */
  readonly window: number;
  /** The bytes that are in flight: sent, and not yet taken by their readers. */
  readonly inFlight: number;
}

const totals = { streams: 0, window: 0, inFlight: 0 };

/**
 * Returns the sums over all streams that this process writes to peers. It takes the same time for
 * any number of streams.
 */
export function streamLoad(): StreamLoad {
  return { ...totals };
}

/** The part of one stream in the sums. */
export class StreamShare {
  #isOver = false;
  #streams = 0;
  #window = 0;
  #inFlight = 0;

  /** Takes over the figures of the stream's flow control, unless the stream has ended. */
  update({ window, inFlight }: FlowControl): void {
    if (!this.#isOver) this.#set(1, window, inFlight);
  }

  /** Notes that the stream has ended. Idempotent. */
  end(): void {
    this.#isOver = true;
    this.#set(0, 0, 0);
  }

  #set(streams: number, window: number, inFlight: number): void {
    totals.streams += streams - this.#streams;
    totals.window += window - this.#window;
    totals.inFlight += inFlight - this.#inFlight;
    this.#streams = streams;
    this.#window = window;
    this.#inFlight = inFlight;
  }
}
