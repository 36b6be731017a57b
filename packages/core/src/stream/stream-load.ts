import { openFlows } from "./flow-control.ts";

/** The streams that this process writes to peers, at one moment. */
export interface StreamLoad {
  /** The streams that were written to, and haven't ended. */
  readonly streams: number;
  /** Their windows: the bytes that may be in flight, as flow control estimates them. */
  readonly window: number;
  /** The bytes that are in flight: sent, and not yet taken by their readers. */
  readonly inFlight: number;
}

/** Returns the sums over all streams that this process writes to peers. */
export function streamLoad(): StreamLoad {
  let window = 0;
  let inFlight = 0;
  for (const flow of openFlows) {
    window += flow.window;
    inFlight += flow.inFlight;
  }
  return { streams: openFlows.size, window, inFlight };
}
