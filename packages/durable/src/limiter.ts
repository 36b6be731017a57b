/** A task that waits for its place. */
interface Waiting {
  start(): void;
  refuse(error: Error): void;
}

/**
 * Runs a bounded number of tasks at once. The others wait: in order among those of one party, and
 * in turn among the parties. A party may run at most as many as it leaves places free, so that a
 * party whose tasks never end doesn't keep the others out.
 */
export class Limiter {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #refusal: () => Error;
  /** The tasks of each party that has any, the one whose turn it is first. */
  readonly #queues = new Map<unknown, Waiting[]>();
  /** The number of running tasks of each party that has any. */
  readonly #runningOf = new Map<unknown, number>();
  #running = 0;
  #waiting = 0;

  /**
   * @param maxRunning the most tasks that run at once
   * @param maxWaiting the most tasks that wait
   * @param refusal makes the error of a task that can't wait
   */
  constructor(maxRunning: number, maxWaiting: number, refusal: () => Error) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
    this.#refusal = refusal;
  }

  /**
   * Runs a task, now or when others have ended.
   *
   * @param party any value that stands for the one whom the task is for. Without one, the task may
   *   take the last place
   * @throws the error of `refusal`, if too many wait and no party has more tasks among them
   */
  async run<T>(task: () => Promise<T>, party?: unknown): Promise<T> {
    if (this.#mayRun(party)) this.#begin(party);
    else await this.#place(party);
    try {
      return await task();
    } finally {
      this.#end(party);
    }
  }

  #mayRun(party: unknown): boolean {
    const free = this.#maxRunning - this.#running;
    return party === undefined ? free > 0 : (this.#runningOf.get(party) ?? 0) < free;
  }

  #begin(party: unknown): void {
    this.#running++;
    this.#runningOf.set(party, (this.#runningOf.get(party) ?? 0) + 1);
  }

  #end(party: unknown): void {
    this.#running--;
    const left = this.#runningOf.get(party)! - 1;
    if (left > 0) this.#runningOf.set(party, left);
    else this.#runningOf.delete(party);
    for (let next = this.#next(); next; next = this.#next()) next.start();
  }

  #place(party: unknown): Promise<void> {
    const queue = this.#queues.get(party) ?? [];
    if (this.#waiting >= this.#maxWaiting) this.#makeRoom(queue.length + 1);
    this.#queues.set(party, queue);
    this.#waiting++;
    return new Promise((resolve, reject) => queue.push({ start: resolve, refuse: reject }));
  }

  /**
   * Refuses the newest task of the longest queue.
   *
   * @param length that of the queue that asks, with its new task
   * @throws the error of `refusal`, if no other queue would stay at least as long
   */
  #makeRoom(length: number): void {
    let longest: Waiting[] = [];
    for (const queue of this.#queues.values()) if (queue.length > longest.length) longest = queue;
    if (longest.length <= length) throw this.#refusal();
    longest.pop()!.refuse(this.#refusal());
    this.#waiting--;
  }

  /** Takes the next task from the queues, and counts it as running. */
  #next(): Waiting | undefined {
    for (const [party, queue] of this.#queues) {
      if (!this.#mayRun(party)) continue;
      const next = queue.shift();
      this.#queues.delete(party);
      if (queue.length > 0) this.#queues.set(party, queue);
      this.#waiting--;
      this.#begin(party);
      return next;
    }
    return undefined;
  }
}
