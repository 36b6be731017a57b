import { answerParent } from "../parent.ts";
import { type Callable, type Caller, openCaller } from "./caller.ts";

/** A request to the victim: watch a server from now on, or report the figures. */
export type VictimQuestion = { readonly watch: Callable } | { readonly tell: true };

/** Figures of the victim since it began to watch. Times are in milliseconds. */
export interface VictimFigures {
  /** The number of answered calls. */
  readonly calls: number;
  /** The duration of the longest call, a waiting one included. */
  readonly slowest: number;
  /** The age of the unanswered call; 0 if there is none. */
  readonly waiting: number;
  /** The failures of calls and connections. */
  readonly failures: readonly string[];
}

/** Milliseconds between two calls. */
const PAUSE = 10;
/** Milliseconds between two readings of the clock, which show delays of this process itself. */
const TICK = 5;
const MOST_FAILURES = 5;
/** Milliseconds after which a disconnected victim connects again. */
const BACK_OFF = 100;

/** Milliseconds for which this process itself was delayed. The server isn't at fault for these. */
let heldUp = 0;
let tick = performance.now();
setInterval(() => {
  heldUp = heldUpUntil(performance.now());
  tick = performance.now();
}, TICK);

function heldUpUntil(now: number): number {
  return now - tick > 4 * TICK ? heldUp + now - tick - TICK : heldUp;
}

/** Calls a server until another watch begins. */
class Watch {
  #calls = 0;
  #slowest = 0;
  readonly #failures: string[] = [];
  /** The beginning of the unanswered call. */
  #pending: { readonly from: number; readonly heldUp: number } | undefined;
  #isOver = false;

  async run(target: Callable): Promise<void> {
    let caller: Caller | undefined;
    while (!this.#isOver) {
      try {
        caller ??= await openCaller(target);
        await this.#call(caller);
      } catch (error) {
        if (this.#failures.length < MOST_FAILURES) this.#failures.push((error as Error).message);
        caller?.close();
        caller = undefined;
        await new Promise((resolve) => setTimeout(resolve, BACK_OFF));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    caller?.close();
  }

  async #call(caller: Caller): Promise<void> {
    const from = performance.now();
    this.#pending = { from, heldUp: heldUpUntil(from) };
    try {
      await caller.call();
      this.#calls++;
      this.#slowest = Math.max(this.#slowest, this.#waiting());
    } finally {
      this.#pending = undefined;
    }
  }

  #waiting(): number {
    if (this.#pending === undefined) return 0;
    const now = performance.now();
    return Math.max(0, now - this.#pending.from - (heldUpUntil(now) - this.#pending.heldUp));
  }

  figures(): VictimFigures {
    const waiting = this.#waiting();
    const slowest = Math.max(this.#slowest, waiting);
    return { calls: this.#calls, slowest, waiting, failures: this.#failures };
  }

  end(): void {
    this.#isOver = true;
  }
}

let watch = new Watch();
answerParent<VictimQuestion, VictimFigures>((question, answer) => {
  if ("watch" in question) {
    watch.end();
    watch = new Watch();
    void watch.run(question.watch);
  } else answer(watch.figures());
});
