import { type Slot, show, slotOf } from "./messages.ts";

/** The messages that have arrived and that nothing has taken yet. */
export class Arrived {
  readonly #queues = new Map<Slot, unknown[][]>();
  /** The number of references released, by id. Releases may come in parts. */
  readonly #released = new Map<number, number>();

  add(message: unknown[]): void {
    if (message[0] === "release") {
      const [, id, count] = message as [string, number, number];
      this.#released.set(id, this.released(id) + count);
      return;
    }
    const slot = slotOf(message);
    const queue = this.#queues.get(slot);
    if (queue === undefined) this.#queues.set(slot, [message]);
    else queue.push(message);
  }

  /** The first message about the same subject as `like`. */
  peek(like: readonly unknown[]): unknown[] | undefined {
    return this.#queues.get(slotOf(like))?.[0];
  }

  /** Takes the message that {@link peek} shows. */
  take(like: readonly unknown[]): unknown[] | undefined {
    const slot = slotOf(like);
    const queue = this.#queues.get(slot);
    if (queue?.length === 1) this.#queues.delete(slot);
    return queue?.shift();
  }

  /** The number of references to an id that were released so far. */
  released(id: number): number {
    return this.#released.get(id) ?? 0;
  }

  /** Takes all releases of an id. */
  takeReleased(id: number): void {
    this.#released.delete(id);
  }

  /** Takes everything. */
  takeAll(): void {
    this.#queues.clear();
    this.#released.clear();
  }

  /**
   * The messages that are left, in the form that an error shows.
   *
   * @param andReleased whether releases count as well
   */
  left(andReleased: boolean): string[] {
    const messages = [...this.#queues.values()].flat().map(show);
    const releases = [...this.#released].map(([id, count]) => show(["release", id, count]));
    return andReleased ? [...messages, ...releases] : messages;
  }
}
