import { Lines } from "@capnweb/wire/internal";
import type { HoldsBytes } from "../budget.ts";
import type { Runnable, Scheduler } from "../turns/scheduler.ts";
import { estimateSize, memoryOf } from "./message-size.ts";

/**
 * A transport's report that the peer sends no more, or that the medium is gone. It is a class
 * because a peer's message may be an object of any shape.
 */
export class Ending {
  readonly ends: "peer" | "medium" | "receiving";
  readonly reason: unknown;

  constructor(ends: Ending["ends"], reason: unknown) {
    this.ends = ends;
    this.reason = reason;
  }
}

/** A message that isn't text. Its size is measured when it begins to wait. */
class Tree {
  readonly message: unknown;
  readonly size: number;

  constructor(message: unknown, size: number) {
    this.message = message;
    this.size = size;
  }
}

type Item = string | Uint8Array | Lines | Ending | Tree;

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
  takeEnding(ending: Ending): void;
  /** Asks the transport to stop delivering messages, or to continue. */
  holdBack(isHeldBack: boolean): void;
}

/**
 * The waiting code units and bytes above which the peer is held back, and below which it may
 * continue.
 */
const HIGH = 32 * 1024;
const LOW = 8 * 1024;

const CODE_UNITS_PER_MILLISECOND = 10_000;

/** Least size that an entry counts. */
const LEAST_COUNTED = 64;

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
    const item = this.#items[this.#next];
    if (item instanceof Tree) return item.size / CODE_UNITS_PER_MILLISECOND;
    // Of a text with several messages, only the next one is handled.
    return typeof item === "string" ? item.length / CODE_UNITS_PER_MILLISECOND : 0;
  }

  /**
   * @param item a message, or an {@link Ending}
   * @param maxValues most members to look at in a message that isn't text
   * @throws LimitError for more than may be held
   */
  push(item: unknown, maxValues: number): void {
    const waiting = isItem(item) ? item : new Tree(item, estimateSize(item, maxValues));
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
    if (item instanceof Lines && this.#handler.takeLine(item)) return;
    this.#remove(item);
    if (item instanceof Lines) return;
    if (item instanceof Ending) this.#handler.takeEnding(item);
    else this.#handler.take(item instanceof Tree ? item.message : item);
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
    const size = sizeOf(item);
    this.#size += size;
    if (this.#size > HIGH && !this.#isHeldBack) {
      this.#isHeldBack = true;
      this.#handler.holdBack(true);
    }
    this.#held.add(size);
  }

  #shrink(item: Item): void {
    const size = sizeOf(item);
    this.#size -= size;
    this.#held.remove(size);
    if (this.#size < LOW && this.#isHeldBack) {
      this.#isHeldBack = false;
      this.#handler.holdBack(false);
    }
  }
}

function isItem(item: unknown): item is string | Uint8Array | Ending {
  return typeof item === "string" || item instanceof Uint8Array || item instanceof Ending;
}

function sizeOf(item: Item): number {
  let size = 0;
  if (typeof item === "string") size = memoryOf(item);
  else if (item instanceof Tree) size = item.size;
  else if (!(item instanceof Ending)) size = item.length;
  return Math.max(size, LEAST_COUNTED);
}
