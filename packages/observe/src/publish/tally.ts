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

/** The tallies of one side. */
export class Tallies {
  /** Replaced with each change. */
  current: readonly Tally[] = [];

  add(tally: Tally): void {
    this.current = [...this.current, tally];
  }

  remove(tally: Tally): void {
    this.current = this.current.filter((each) => each !== tally);
  }
}

/** The tallies of this process, by the side that they count. */
export const tallies = /* @__PURE__ */ Object.freeze({
  client: /* @__PURE__ */ new Tallies(),
  server: /* @__PURE__ */ new Tallies(),
});
