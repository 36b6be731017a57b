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

/** Counts frames, for the same reason. Its method mustn't throw. */
export interface FrameTally {
  frame(direction: "in" | "out", message: unknown, size: number): void;
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
  frames: /* @__PURE__ */ new Tallies<FrameTally>(),
});
