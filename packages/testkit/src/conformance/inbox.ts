import { isAnnouncement } from "@capnweb/wire";
import type { ConnectionListener } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import { parseMessage, type Slot, show, slotOf } from "./messages.ts";

/** A message of the kit or of the peer under test. */
export interface ExchangeEntry {
  readonly from: "kit" | "peer";
  readonly text: string;
}

/**
 * The messages of a peer, sorted by the significance of their order: messages that introduce ids
 * count, and messages about different ids are independent.
 */
export class Inbox implements ConnectionListener {
  readonly #slots = new Map<Slot, unknown[][]>();
  readonly #released = new Map<number, number>();
  readonly #timeout: number;
  /** All messages of both sides, in order. */
  readonly exchange: ExchangeEntry[] = [];
  #closed: string | undefined;
  readonly #waiting = new Set<() => void>();

  /** @param timeout milliseconds that a peer has for a message */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  message(text: string): void {
    this.exchange.push({ from: "peer", text });
    const message = parseMessage(text);
    // The kit tests the behaviour towards a peer without extensions, so it ignores announcements.
    if (isAnnouncement(message)) return;
    if (message[0] === "release") {
      const [, id, count] = message as [string, number, number];
      this.#released.set(id, (this.#released.get(id) ?? 0) + count);
    } else {
      const slot = slotOf(message);
      const queue = this.#slots.get(slot);
      if (queue === undefined) this.#slots.set(slot, [message]);
      else queue.push(message);
    }
    this.#changed();
  }

  closed(reason: string): void {
    this.#closed ??= reason;
    this.#changed();
  }

  /** Notes a message of our side. */
  said(text: string): void {
    this.exchange.push({ from: "kit", text });
  }

  /** Whether the connection is over. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The message that {@link take} would take, if it has arrived. */
  peek(expected: readonly unknown[]): unknown[] | undefined {
    return this.#slots.get(slotOf(expected))?.[0];
  }

  /**
   * Takes the message that answers `expected`.
   *
   * @throws ConformanceError if none comes
   */
  async take(expected: readonly unknown[]): Promise<unknown[]> {
    await this.takeable([expected]);
    const slot = slotOf(expected);
    const queue = this.#slots.get(slot)!;
    const message = queue.shift()!;
    if (queue.length === 0) this.#slots.delete(slot);
    return message;
  }

  /**
   * Waits for a message that answers one of `expected`.
   *
   * @throws ConformanceError if none comes
   */
  async takeable(expected: readonly (readonly unknown[])[]): Promise<void> {
    await this.until(
      () => expected.some((each) => this.#slots.has(slotOf(each))),
      () => `expected ${show(expected[0])}`,
    );
  }

  /** The number of references released so far. A peer that has hung up has released all. */
  released(id: number): number {
    return this.#released.get(id) ?? 0;
  }

  /** Forgets the releases counted for an id. */
  takeReleased(id: number): void {
    this.#released.delete(id);
  }

  /** Waits until the peer has hung up. */
  hungUp(): Promise<void> {
    return this.until(
      () => this.isClosed,
      () => "expected the peer to end the connection",
    );
  }

  /**
   * Checks that every message was taken.
   *
   * @param andReleased whether releases count as well
   * @throws ConformanceError if a message is left
   */
  checkEmpty(andReleased = true): void {
    const left = [...this.#slots.values()].flat().map(show);
    const released = andReleased ? this.#released : [];
    for (const [id, count] of released) left.push(`["release",${id},${count}]`);
    if (left.length > 0) throw new ConformanceError(`nobody expected ${left.join(", ")}`);
  }

  /**
   * Waits until `isTrue()` holds.
   *
   * @throws ConformanceError with the text of `complain()` when the peer aborts, hangs up or
   *   takes too long
   */
  async until(isTrue: () => boolean, complain: () => string): Promise<void> {
    const isOver = () => isTrue() || this.isClosed || this.#slots.has("abort");
    const isInTime = await this.wait(isOver, this.#timeout);
    if (isTrue()) return;
    if (!isInTime) {
      throw new ConformanceError(`${complain()}; nothing came for ${this.#timeout} ms`);
    }
    const [abort] = this.#slots.get("abort") ?? [];
    if (abort !== undefined) {
      throw new ConformanceError(`${complain()}; the peer aborted: ${show(abort)}`);
    }
    throw new ConformanceError(`${complain()}; the connection ended: ${this.#closed}`);
  }

  /**
   * Waits until `isTrue()` holds, for at most `timeout` milliseconds.
   *
   * @returns whether it holds
   */
  async wait(isTrue: () => boolean, timeout: number): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#changed();
    }, timeout);
    while (!isTrue() && !isLate) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    clearTimeout(timer);
    return isTrue();
  }

  #changed(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
