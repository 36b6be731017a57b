import { isShared } from "../turns/turns.ts";

/** A call that ends at a time. */
export interface Timed {
  /** The time on the clock of `performance.now()`. Constant while it is waited for. */
  readonly deadline: number;
  /** The place in the heap, which alone sets it; -1 while it has none. */
  place: number;
  /** Called when the time has come. Never throws. */
  expire(): void;
}

/** The longest delay of a timer, in milliseconds. Timers fire at once for a longer one. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The milliseconds for which items expire in one turn of the event loop. */
const LONGEST_TURN = 10;

/** The type of a timer in Node, which needn't keep the process running. */
type Timer = ReturnType<typeof setTimeout> & { ref?(): void; unref?(): void };

/**
 * Waits for any number of times with one timer. They stand in a binary heap, the soonest first, so
 * adding one to 100,000, or removing it, takes less than a microsecond.
 */
export class Deadlines {
  readonly #heap: Timed[] = [];
  #timer: Timer | undefined;
  /** The time at which the timer fires. */
  #firesAt = Infinity;

  add(timed: Timed): void {
    if (timed.place >= 0) return;
    this.#rise(timed, this.#heap.length);
    if (this.#heap.length === 1) this.#timer?.ref?.();
    if (timed.deadline < this.#firesAt) this.#setTimer(timed.deadline);
  }

  /** Stops the listener. Idempotent. */
  remove(timed: Timed): void {
    const { place } = timed;
    if (place < 0) return;
    timed.place = -1;
    const last = this.#heap.pop()!;
    if (last !== timed) this.#put(last, place);
    if (this.#heap.length === 0) this.#rest();
  }

  /** Stops waiting. The timer, if it doesn't keep the process running, stays for the next time. */
  #rest(): void {
    if (this.#timer?.unref) this.#timer.unref();
    else this.#clearTimer();
  }

  #clearTimer(): void {
    // The types of Workers refuse the `undefined` that every runtime takes.
    clearTimeout(this.#timer!);
    this.#timer = undefined;
    this.#firesAt = Infinity;
  }

  #setTimer(time: number): void {
    this.#clearTimer();
    this.#firesAt = time;
    const wait = Math.min(Math.max(0, Math.ceil(time - performance.now())), LONGEST_WAIT);
    this.#timer = setTimeout(() => this.#fired(), wait) as Timer;
  }

  #fired(): void {
    this.#clearTimer();
    const now = performance.now();
    for (let next = this.#heap[0]; next && next.deadline <= now; next = this.#heap[0]) {
      this.remove(next);
      next.expire();
      // A peer may have many calls expire at one time. The others follow in the next turn.
      if (performance.now() - now > LONGEST_TURN) break;
    }
    const next = this.#heap[0];
    // The call that expired may have made another one begin.
    if (next && next.deadline < this.#firesAt) this.#setTimer(next.deadline);
  }

  /** Puts `timed` at a free place, or where the order requires. */
  #put(timed: Timed, place: number): void {
    const above = (place - 1) >> 1;
    if (place > 0 && this.#heap[above]!.deadline > timed.deadline) this.#rise(timed, place);
    else this.#sink(timed, place);
  }

  #rise(timed: Timed, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#heap[above]!;
      if (other.deadline <= timed.deadline) break;
      this.#set(other, place);
      place = above;
    }
    this.#set(timed, place);
  }

  #sink(timed: Timed, from: number): void {
    const { length } = this.#heap;
    let place = from;
    for (let below = 2 * place + 1; below < length; below = 2 * place + 1) {
      const right = below + 1;
      if (right < length && this.#heap[right]!.deadline < this.#heap[below]!.deadline) {
        below = right;
      }
      const other = this.#heap[below]!;
      if (other.deadline >= timed.deadline) break;
      this.#set(other, place);
      place = below;
    }
    this.#set(timed, place);
  }

  #set(timed: Timed, place: number): void {
    this.#heap[place] = timed;
    timed.place = place;
  }
}

const ofProcess = new Deadlines();

/** The deadlines of workerd's sessions, where a timer belongs to the request that set it. */
const ofSessions = new WeakMap<object, Deadlines>();

/**
 * The deadlines of the process or, in workerd, of a session.
 *
 * @param session `undefined` for a call without one, which then has a timer of its own in workerd
 */
export function deadlinesFor(session: object | undefined): Deadlines {
  if (isShared) return ofProcess;
  let made = session && ofSessions.get(session);
  if (!made) {
    made = new Deadlines();
    if (session) ofSessions.set(session, made);
  }
  return made;
}
