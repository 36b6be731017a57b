import { isAnnouncement } from "@capnweb/wire";
import { Arrived } from "./arrived.ts";
import { Changes } from "./changes.ts";
import type { ConnectionListener } from "./connection.ts";
import { ConformanceError } from "./errors.ts";
import { excerptOf, isFlood } from "./flood.ts";
import { parseMessage, parsePeerMessage, show } from "./messages.ts";
import { ReferencesHeld } from "./references-held.ts";

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
  /** All messages of both sides, in order. */
  readonly exchange: ExchangeEntry[] = [];
  readonly #arrived = new Arrived();
  readonly #changes = new Changes();
  readonly #held = new ReferencesHeld();
  readonly #timeout: number;
  /** The first use of a released reference. */
  #misuse: string | undefined;
  #closed: string | undefined;
  #characters = 0;
  #isFlooded = false;

  /** @param timeout milliseconds that a peer has for a message */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  message(text: string): void {
    if (this.#isFlooded) return;
    this.#characters += text.length;
    this.exchange.push({ from: "peer", text });
    if (isFlood(this.exchange.length, this.#characters)) {
      this.#flooded();
      return;
    }
    const message = parsePeerMessage(text);
    // The kit tests the behaviour towards a peer without extensions, so it ignores announcements.
    if (isAnnouncement(message)) return;
    const id = this.#held.heard(message);
    if (id !== undefined) this.#misuse ??= `${show(message)} refers to ${id} after its release`;
    this.#arrived.add(message);
    this.#changes.announce();
  }

  /** Forgets most of a flood, so that a run with many of them has the memory for its report. */
  #flooded(): void {
    const count = this.exchange.length;
    this.#isFlooded = true;
    this.exchange.push(...excerptOf(this.exchange.splice(0)));
    this.#arrived.takeAll();
    this.closed(
      `the kit ended it after ${count} messages with ${this.#characters} characters of the peer, ` +
        "more than any scenario needs",
    );
  }

  closed(reason: string): void {
    this.#closed ??= reason;
    this.#changes.announce();
  }

  /** Notes a message of our side. */
  said(text: string): void {
    this.exchange.push({ from: "kit", text });
    this.#held.said(parseMessage(text));
  }

  /** True if the connection is over. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The message that {@link take} would take, if it has arrived. */
  peek(expected: readonly unknown[]): unknown[] | undefined {
    return this.#arrived.peek(expected);
  }

  /**
   * Takes the message that answers `expected`.
   *
   * @throws ConformanceError if none comes
   */
  async take(expected: readonly unknown[]): Promise<unknown[]> {
    await this.takeable([expected]);
    return this.#arrived.take(expected)!;
  }

  /**
   * Waits for a message that answers one of `expected`.
   *
   * @throws ConformanceError if none comes
   */
  async takeable(expected: readonly (readonly unknown[])[]): Promise<void> {
    await this.until(
      () => expected.some((each) => this.peek(each) !== undefined),
      () => `expected ${show(expected[0])}`,
    );
  }

  /** The number of references released so far. A peer that has hung up has released all. */
  released(id: number): number {
    return this.#arrived.released(id);
  }

  /** Forgets the releases counted for an id. */
  takeReleased(id: number): void {
    this.#arrived.takeReleased(id);
  }

  /** Takes everything that has arrived. */
  takeAll(): void {
    this.#arrived.takeAll();
  }

  /** Waits until the peer has hung up. */
  hungUp(): Promise<void> {
    return this.until(
      () => this.isClosed,
      () => "expected the peer to end the connection",
    );
  }

  /**
   * Checks that every message was taken, and none refers to a released id.
   *
   * @param andReleased whether releases count as well
   * @throws ConformanceError if a message is left, or refers to such an id
   */
  checkEmpty(andReleased = true): void {
    if (this.#misuse !== undefined) throw new ConformanceError(this.#misuse);
    const left = this.#arrived.left(andReleased);
    if (left.length > 0) throw new ConformanceError(`nobody expected ${left.join(", ")}`);
  }

  /**
   * Waits until `isTrue()` holds.
   *
   * @throws ConformanceError with the text of `complain()` when the peer aborts, hangs up, talks
   *   nonsense or takes too long
   */
  async until(isTrue: () => boolean, complain: () => string): Promise<void> {
    const isOver = () =>
      isTrue() || this.isClosed || this.#abort !== undefined || this.#nonsense !== undefined;
    const before = this.exchange.length;
    await this.wait(isOver, this.#timeout);
    if (!isTrue()) throw new ConformanceError(complain() + this.#reason(before));
  }

  get #abort(): unknown[] | undefined {
    return this.peek(["abort"]);
  }

  get #nonsense(): unknown[] | undefined {
    return this.peek(["nonsense"]);
  }

  /** The reason for waiting in vain, from the time when there were `before` messages. */
  #reason(before: number): string {
    if (this.#nonsense !== undefined)
      return `, got ${show(this.#nonsense[1])}, which isn't a message`;
    if (this.#abort !== undefined) return `; the peer aborted: ${show(this.#abort)}`;
    if (this.isClosed) return `; the connection ended: ${this.#closed}`;
    const others = this.exchange.length - before;
    const but = others > 0 ? ` but other messages (${others})` : "";
    return `; nothing came for ${this.#timeout} ms${but}`;
  }

  /**
   * Waits until `isTrue()` holds, for at most `timeout` milliseconds.
   *
   * @returns whether it holds
   */
  wait(isTrue: () => boolean, timeout: number): Promise<boolean> {
    return this.#changes.wait(isTrue, timeout);
  }
}
