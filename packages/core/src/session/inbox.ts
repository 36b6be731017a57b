import type { Lines } from "@capnweb/wire/internal";
import type { HoldsBytes } from "../budget.ts";
import { LEAST_ITEM_BYTES } from "../call-context/counts.ts";
import type { Runnable, Scheduler } from "../turns/scheduler.ts";
import { estimateSize, memoryOf } from "./message-size.ts";

/**
 * Something that waits besides texts and bytes. It is a class because a peer's message may be an
 * object of any shape.
 */
export class Waiting {
  readonly size: number;
  /** Never throws. */
  readonly handle: () => void;

  constructor(size: number, handle: () => void) {
    this.size = size;
    this.handle = handle;
  }
}

type Item = string | Uint8Array | Lines | Waiting;

/** Handles the input of a session's transport; see {@link Inbox}. */
export interface InboxHandler {
  /** Handles one message, bytes included. Never throws. */
  take(message: unknown): void;
  /**
   * Handles the next line of a text. Never throws.
   *
   * @returns whether more lines are left
   */
  takeLine(lines: Lines): boolean;
  /** Asks the transport to stop delivering messages, or to continue. */
  holdBack(isHeldBack: boolean): void;
}

/** Messages that a transport delivered, and that wait because the thread has other work to do. */
export class Inbox implements Runnable {
  usedTime = 0;
  readonly turnBudget: number;
  readonly #handler: InboxHandler;
  readonly #scheduler: Scheduler;
  readonly #held: HoldsBytes;
  /** The waiting items from `#next` on. Most sessions never have any. */
  #items: Item[] = [];
  #next = 0;
  #size = 0;
  #isHeldBack = false;
  #isOver = false;

  constructor(handler: InboxHandler, scheduler: Scheduler, held: HoldsBytes, turnBudget: number) {
    this.#handler = handler;
    this.#scheduler = scheduler;
    this.#held = held;
    this.turnBudget = turnBudget;
  }

  get isWaiting(): boolean {
    return this.#next < this.#items.length;
  }

  /** A long text takes about 0.1 µs per code unit, if its parts have names of their own. */
  get nextCost(): number {
    const CODE_UNITS_PER_MILLISECOND = 10_000;
    const item = this.#items[this.#next];
    if (item instanceof Waiting) return item.size / CODE_UNITS_PER_MILLISECOND;
    // Of a text with several messages, only the next one is handled.
    return typeof item === "string" ? item.length / CODE_UNITS_PER_MILLISECOND : 0;
  }

  /**
   * @param item a message, or something else that waits
   * @param maxValues most members to look at in a message that isn't text
   * @throws LimitError for more than may be held
   */
  push(item: unknown, maxValues: number): void {
    const waiting = isItem(item)
      ? item
      : new Waiting(estimateSize(item, maxValues), () => this.#handler.take(item));
    this.#items.push(waiting);
    this.#wait(waiting);
  }

  /**
   * Puts the rest of a text before everything else.
   *
   * @throws LimitError for more than may be held
   */
  putBack(lines: Lines): void {
    if (this.#next > 0) this.#items[--this.#next] = lines;
    else this.#items.unshift(lines);
    this.#wait(lines);
  }

  #wait(item: Item): void {
    this.#grow(item);
    // The session may have exceeded a limit by that.
    if (this.#isOver) this.#items = [];
    else this.#scheduler.add(this);
  }

  runOnce(): void {
    const item = this.#items[this.#next]!;
    const lines = isItem(item) ? undefined : item;
    if (lines && this.#handler.takeLine(lines)) return;
    this.#remove(item);
    if (lines) return;
    if (item instanceof Waiting) item.handle();
    else this.#handler.take(item);
  }

  #remove(item: Item): void {
    // The session may be over.
    if (this.#items[this.#next] !== item) return;
    this.#next++;
    if (2 * this.#next > this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#next = 0;
    }
    this.#shrink(item);
  }

  /** Drops everything, because the session is over. */
  clear(): void {
    this.#isOver = true;
    this.#items = [];
    this.#next = 0;
    this.#size = 0;
    this.#scheduler.remove(this);
  }

  #grow(item: Item): void {
    // The waiting code units and bytes above which the peer is held back.
    const HIGH = 32 * 1024;
    const size = sizeOf(item);
    this.#size += size;
    if (this.#size > HIGH && !this.#isHeldBack) {
      this.#isHeldBack = true;
      this.#handler.holdBack(true);
    }
    this.#held.add(size);
  }

  #shrink(item: Item): void {
    // The waiting code units and bytes below which the peer may continue.
    const LOW = 8 * 1024;
    const size = sizeOf(item);
    this.#size -= size;
    this.#held.remove(size);
    if (this.#size < LOW && this.#isHeldBack) {
      this.#isHeldBack = false;
      this.#handler.holdBack(false);
    }
  }
}

function isItem(item: unknown): item is string | Uint8Array | Waiting {
  return typeof item === "string" || item instanceof Uint8Array || item instanceof Waiting;
}

function sizeOf(item: Item): number {
  if (typeof item === "string") return Math.max(memoryOf(item), LEAST_ITEM_BYTES);
  return Math.max(item instanceof Waiting ? item.size : item.length, LEAST_ITEM_BYTES);
}
