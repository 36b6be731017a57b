/** A session with waiting messages. */
export interface Runnable {
  /** The measured time that the session has used, in milliseconds. */
  usedTime: number;
  readonly turnBudget: number;
  /** True if a message waits. */
  readonly isWaiting: boolean;
  /** The longest time that the waiting message is expected to take, in milliseconds. */
  readonly nextCost: number;
  /** Handles one message. Never throws. */
  runOnce(): void;
}

/**
 * The work between two looks at the clock, as a number of light messages. A look takes 25 to 300
 * ns, depending on the machine, and a call in memory takes 2 µs.
 */
const WORK_BETWEEN_LOOKS = 16;

/**
 * Milliseconds between two looks from which the messages are suspected of having taken that long.
 */
const SUSPICIOUS = 4;

/** Most light messages of a waiting session to handle in a row. */
const LONGEST_STRIDE = 8;

/** Milliseconds that such a row may last before the clock is checked after each message. */
const SLOW = 1;

/** Most milliseconds by which a session that used much time has to wait longer than others. */
const MOST_OWED = 1_000;

/**
 * Milliseconds for which streams may write, and promises may settle, in one turn of the event loop.
 */
export const TURN_BUDGET = 10;

/** The number of looks after which a turn is watched in any case. */
const LOOKS_BETWEEN_TURNS = 4;

/**
 * Divides the time of a thread between sessions. While there is enough of it, messages are handled
 * when they arrive. When a turn of the event loop has lasted too long, messages wait. The session
 * that has used the least time goes on first, so a light user never waits longer for a heavy one
 * than one of its messages takes.
 */
export class Scheduler {
  readonly #waiting = new Set<Runnable>();
  readonly #defer: (callback: () => void) => void;
  /** The beginning of the turn that is watched; `undefined` while none is. */
  #turn: number | undefined;
  /** True if messages wait. */
  #isBusy = false;
  #isScheduled = false;
  #work = 0;
  #looks = 0;
  /** The number of waiting messages that are handled between looks at the clock. */
  #stride = 1;
  #last = 0;
  /** The time used by sessions that had their turn recently. Newcomers start with it. */
  #usedByOthers = 0;

  /** @param defer runs a callback after input and timers have had their turn */
  constructor(defer: (callback: () => void) => void) {
    this.#defer = defer;
  }

  /**
   * True if a message of `session` may be handled now instead of waiting. Small, so that it is
   * inlined.
   */
  mayRun(session: Pick<Runnable, "turnBudget">): boolean {
    // Others have waited longer.
    if (this.#isBusy) return false;
    this.#work++;
    return this.#work < WORK_BETWEEN_LOOKS || this.#look(session);
  }

  #look(session: Pick<Runnable, "turnBudget">): boolean {
    this.#work = 0;
    this.#looks++;
    const now = Date.now();
    const pause = now - this.#last;
    this.#last = now;
    if (this.#turn !== undefined) return now - this.#turn < session.turnBudget;
    if (pause >= SUSPICIOUS || this.#looks >= LOOKS_BETWEEN_TURNS) this.#watch(now);
    return true;
  }

  /**
   * Called at each step of work that continues by microtasks, such as a stream's.
   *
   * @param turnBudget milliseconds
   * @returns a promise to await if the turn has lasted too long
   */
  pause(turnBudget: number): Promise<void> | undefined {
    this.#work++;
    if (this.#work < WORK_BETWEEN_LOOKS) return undefined;
    this.#work = 0;
    return this.isOver(turnBudget) ? new Promise((resolve) => this.#defer(resolve)) : undefined;
  }

  /**
   * True if the turn has lasted longer than `turnBudget` milliseconds. Reads the clock each time.
   */
  isOver(turnBudget: number): boolean {
    const now = Date.now();
    this.#last = now;
    if (this.#turn === undefined) this.#watch(now);
    return now - this.#turn! >= turnBudget;
  }

  /** Notes that a message was heavy, so that the clock is checked before the next one. */
  wasHeavy(): void {
    this.#work = WORK_BETWEEN_LOOKS;
    // Without an earlier look, the time that it took isn't known.
    if (this.#turn === undefined) this.#watch(Date.now());
  }

  /** Handles the messages of `session` when it is its turn. */
  add(session: Runnable): void {
    if (this.#waiting.has(session)) return;
    // Unused time of an idle session isn't saved up, and a new session gets none: otherwise an
    // attacker would open one for each message. Time used long ago is forgiven.
    const least = this.#usedByOthers;
    session.usedTime = Math.min(Math.max(session.usedTime, least), least + MOST_OWED);
    this.#waiting.add(session);
    this.#isBusy = true;
    this.#schedule();
  }

  remove(session: Runnable): void {
    this.#waiting.delete(session);
    this.#isBusy = this.#waiting.size > 0;
  }

  #watch(now: number): void {
    this.#turn = now;
    this.#looks = 0;
    this.#defer(() => {
      this.#turn = undefined;
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const start = performance.now();
    let now = start;
    let next = this.#next();
    while (next) {
      this.#usedByOthers = Math.max(this.#usedByOthers, next.usedTime);
      this.#runSome(next);
      const then = now;
      now = performance.now();
      next.usedTime += now - then;
      this.#stride = now - then > SLOW ? 1 : Math.min(2 * this.#stride, LONGEST_STRIDE);
      if (!next.isWaiting) this.remove(next);
      next = this.#next();
      // Checked after each message, so that a turn handles at least one.
      if (next && now - start >= next.turnBudget) {
        this.#schedule();
        return;
      }
    }
  }

  #runSome(session: Runnable): void {
    this.#work = 0;
    for (let i = 0; i < this.#stride && session.isWaiting; i++) {
      session.runOnce();
      // It was heavy.
      if (this.#work > 0) return;
    }
  }

  #next(): Runnable | undefined {
    let next: Runnable | undefined;
    let least = Infinity;
    for (const each of this.#waiting) {
      // A short message goes before a long one of a session that has used as little time.
      const finish = each.usedTime + each.nextCost;
      if (finish < least) {
        next = each;
        least = finish;
      }
    }
    return next;
  }
}
