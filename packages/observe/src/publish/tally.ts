import type { OperationEvent } from "../channels/events.ts";

/**
 * Counts operations of one side. Metrics count every call, and the channels take several per cent
 * of one, so they call a tally directly. Its methods mustn't throw.
 */
export interface Tally {
  begun(event: OperationEvent): void;
  /** Called once, when the outcome is known. */
  over(event: OperationEvent): void;
}

/** Counts the traffic of sessions, for the same reason. Its methods mustn't throw. */
export interface TrafficTally {
  frame(direction: "in" | "out", size: number): void;
  /** A capability, or a promise in a message, has failed. */
  broken(direction: "in" | "out"): void;
}

/** The tallies of one kind. */
export class Tallies<T> {
  /** Replaced with each change. */
  current: readonly T[] = [];

  add(tally: T): void {
    this.current = [...this.current, tally];
  }

  remove(tally: T): void {
    this.current = this.current.filter((each) => each !== tally);
  }
}

/** The tallies of this process. */
export const tallies = /* @__PURE__ */ Object.freeze({
  client: /* @__PURE__ */ new Tallies<Tally>(),
  server: /* @__PURE__ */ new Tallies<Tally>(),
  traffic: /* @__PURE__ */ new Tallies<TrafficTally>(),
});
