import { isAnnouncement } from "../announcement.ts";
import type { ConnectionListener } from "./connection.ts";
import { ConformanceError } from "./errors.ts";

/** What is waited for: the next message of a kind whose order counts, or the one about an id. */
type Slot = string;

/**
 * What a peer has said, sorted by what its order means: messages that introduce ids count, and what is
 * said about different ids is independent.
 */
export class Inbox implements ConnectionListener {
  readonly #slots = new Map<Slot, unknown[][]>();
  readonly #released = new Map<number, number>();
  readonly #timeout: number;
  #closed: string | undefined;
  #changed: (() => void) | undefined;

  /** @param timeout milliseconds that a peer has for a message */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  message(text: string): void {
    const message = parse(text);
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
    this.#changed?.();
  }

  closed(reason: string): void {
    this.#closed ??= reason;
    this.#changed?.();
  }

  /** Takes the message that answers `expected`. @throws ConformanceError if none comes */
  async take(expected: readonly unknown[]): Promise<unknown[]> {
    const slot = slotOf(expected);
    await this.#until(
      () => this.#slots.has(slot),
      () => `expected ${show(expected)}`,
    );
    const queue = this.#slots.get(slot)!;
    const message = queue.shift()!;
    if (queue.length === 0) this.#slots.delete(slot);
    return message;
  }

  /** Waits until as many references have been released; a peer that hung up has released all. */
  async released(id: number, count: number): Promise<void> {
    await this.#until(
      () => (this.#released.get(id) ?? 0) >= count || this.#closed !== undefined,
      () => `expected ["release",${id},${count}], got ${this.#released.get(id) ?? 0} so far`,
    );
    const got = this.#released.get(id) ?? 0;
    if (got > count) throw new ConformanceError(`released ${id} ${got} times, not ${count}`);
    this.#released.delete(id);
  }

  /** Waits until the peer has hung up. */
  hungUp(): Promise<void> {
    return this.#until(
      () => this.#closed !== undefined,
      () => "expected the peer to end the connection",
    );
  }

  /** @throws ConformanceError if there is anything that nobody took */
  checkEmpty(): void {
    const left = [...this.#slots.values()].flat().map(show);
    for (const [id, count] of this.#released) left.push(`["release",${id},${count}]`);
    if (left.length > 0) throw new ConformanceError(`nobody expected ${left.join(", ")}`);
  }

  async #until(isTrue: () => boolean, complain: () => string): Promise<void> {
    if (isTrue()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new ConformanceError(`${complain()}; nothing came for ${this.#timeout} ms`));
      }, this.#timeout);
    });
    try {
      while (!isTrue()) {
        this.#failIfOver(complain);
        const changed = new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
        await Promise.race([changed, timeout]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #failIfOver(complain: () => string): void {
    const [abort] = this.#slots.get("abort") ?? [];
    if (abort !== undefined) {
      throw new ConformanceError(`${complain()}; the peer aborted: ${show(abort)}`);
    }
    if (this.#closed !== undefined) {
      throw new ConformanceError(`${complain()}; the connection ended: ${this.#closed}`);
    }
  }
}

function slotOf([tag, id]: readonly unknown[]): Slot {
  switch (tag) {
    case "push":
    case "stream":
    case "pipe":
      return "introductions";
    case "resolve":
    case "reject":
      return `settlement of ${id}`;
    case "pull":
      return `pull of ${id}`;
    default:
      return String(tag);
  }
}

function parse(text: string): unknown[] {
  try {
    const message: unknown = JSON.parse(text);
    if (Array.isArray(message)) return message;
  } catch {
    // As below.
  }
  return ["nonsense", text];
}

/** A message as an error shows it. */
export function show(message: unknown): string {
  const text = JSON.stringify(message);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
