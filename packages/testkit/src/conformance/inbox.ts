import { isAnnouncement } from "../announcement.ts";
import type { ConnectionListener } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import { parseMessage, type Slot, show, slotOf } from "./messages.ts";

/** A message of the kit's, or of the peer under test. */
export interface ExchangeEntry {
  readonly from: "kit" | "peer";
  readonly text: string;
}

/**
 * What a peer has said, sorted by what its order means: messages that introduce ids count, and what
 * is said about different ids is independent.
 */
export class Inbox implements ConnectionListener {
  readonly #slots = new Map<Slot, unknown[][]>();
  readonly #released = new Map<number, number>();
  readonly #timeout: number;
  /** All that was said, in order. */
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
    // What is tested is what a peer says to one without extensions.
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

  /** Notes what our side says. */
  said(text: string): void {
    this.exchange.push({ from: "kit", text });
  }

  /** Whether the connection is over. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The message that {@link take} would take, if it has come. */
  peek(expected: readonly unknown[]): unknown[] | undefined {
    return this.#slots.get(slotOf(expected))?.[0];
  }

  /** Takes the message that answers `expected`. @throws ConformanceError if none comes */
  async take(expected: readonly unknown[]): Promise<unknown[]> {
    await this.takeable([expected]);
    const slot = slotOf(expected);
    const queue = this.#slots.get(slot)!;
    const message = queue.shift()!;
    if (queue.length === 0) this.#slots.delete(slot);
    return message;
  }

  /** Waits for a message that answers one of `expected`. @throws ConformanceError if none comes */
  async takeable(expected: readonly (readonly unknown[])[]): Promise<void> {
    await this.until(
      () => expected.some((each) => this.#slots.has(slotOf(each))),
      () => `expected ${show(expected[0])}`,
    );
  }

  /** How many references have been released; all of them where the peer has hung up. */
  released(id: number): number {
    return this.#released.get(id) ?? 0;
  }

  /** Forgets the references that were released. */
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
   * @param andReleased whether there may be no releases either
   * @throws ConformanceError if there is anything that was not taken
   */
  checkEmpty(andReleased = true): void {
    const left = [...this.#slots.values()].flat().map(show);
    const released = andReleased ? this.#released : [];
    for (const [id, count] of released) left.push(`["release",${id},${count}]`);
    if (left.length > 0) throw new ConformanceError(`nobody expected ${left.join(", ")}`);
  }

  /**
   * Waits until something is true.
   *
   * @throws ConformanceError saying `complain()` when the peer aborts, hangs up or takes too long
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

  /** Waits until something is true, for at most `timeout` milliseconds. @returns whether it is */
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
