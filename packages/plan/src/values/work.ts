/**
 * Work on a value of any size, in parts of about a tenth of a millisecond. It yields where others
 * may need their turn: whenever its meter `isDue`.
 */
export type Work<T> = Generator<void, T, void>;

/** Work that has begun, and goes on later. */
export class Unfinished<T> {
  readonly work: Work<T>;

  constructor(work: Work<T>) {
    this.work = work;
  }
}

/** True for unfinished work. Most values aren't objects, which is faster to see. */
export function isUnfinished(value: unknown): value is Unfinished<unknown> {
  return typeof value === "object" && value instanceof Unfinished;
}

/** Does the first part of work, which is all of it for values of a usual size. */
export function begin<T>(work: Work<T>): T | Unfinished<T> {
  const first = work.next();
  return first.done ? first.value : new Unfinished(work);
}

/** Does all of the work at once, where another limit keeps it short. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const part = work.next();
    if (part.done) return part.value;
  }
}
