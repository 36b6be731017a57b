import type { Side } from "../transcript/transcript.ts";
import type { LinkOptions } from "./options.ts";
import { seededRandom } from "./random.ts";

/** The receiver at the far end of a wire. */
export interface FarEnd {
  deliver(message: unknown): void;
  hungUp(): void;
  broke(): void;
}

/** One direction of a link: messages arrive in order, late, or not at all. */
export class Wire {
  readonly #options: LinkOptions;
  readonly #cut: LinkOptions["cut"];
  readonly #farEnd: FarEnd;
  readonly #random: () => number;
  readonly #idle: (() => void)[] = [];
  #underWay = 0;
  #messages = 0;
  #bytes = 0;
  /** The arrival time of the last message, on the clock of `performance.now()`. */
  #busyUntil = 0;
  #isDead = false;
  /** Incremented when the wire is dropped, so that scheduled events don't happen. */
  #generation = 0;
  readonly #queue: (() => void)[] = [];
  /** The events that a stall holds back. */
  #held: (() => void)[] | undefined;
  /** The time at which the sender has sent the last message. */
  #sentUntil = 0;

  constructor(side: Side, options: LinkOptions, seed: number, farEnd: FarEnd) {
    this.#options = options;
    this.#cut = options.cut?.from === side ? options.cut : undefined;
    this.#farEnd = farEnd;
    this.#random = seededRandom(seed);
  }

  /** Carries a message, unless the wire breaks here. */
  carry(message: unknown): void {
    if (this.#isDead) return;
    const copy = typeof message === "string" ? message : structuredClone(message);
    const size = sizeOf(copy);
    const { afterMessages = NEVER, afterBytes = NEVER, atOnce, truncates } = this.#cut ?? {};
    const fits = Math.min(size, afterBytes - this.#bytes);
    if (this.#messages >= afterMessages || fits < size) {
      if (truncates && typeof copy === "string" && fits > 0) {
        this.#schedule(fits, () => this.#farEnd.deliver(beginning(copy, fits)));
      }
      this.#break();
      return;
    }
    this.#messages++;
    this.#bytes += size;
    this.#schedule(size, () => this.#farEnd.deliver(copy));
    if (atOnce && this.#messages >= afterMessages) this.#break();
  }

  #break(): void {
    this.#isDead = true;
    this.#schedule(0, () => this.#farEnd.broke());
  }

  /** Holds everything back. */
  stall(): void {
    this.#held ??= [];
  }

  /** Delivers what a stall held back. */
  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const happen of held) happen();
  }

  /** Tells the far end, after all messages, that no more come. */
  hangUp(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#schedule(0, () => this.#farEnd.hungUp());
  }

  /** Loses all messages in flight, and all later ones. */
  drop(): void {
    this.#isDead = true;
    this.#generation++;
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #happen(happen: () => void, generation: number): void {
    if (!this.#held) happen();
    else this.#held.push(() => generation === this.#generation && happen());
  }

  #schedule(size: number, happen: () => void): void {
    const { latency = 0, jitter = 0, bandwidth = NEVER } = this.#options;
    const generation = this.#generation;
    const arrive = () => {
      if (generation === this.#generation) this.#happen(happen, generation);
      this.#underWay--;
      if (this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
    };
    this.#underWay++;
    if (latency === 0 && jitter === 0 && bandwidth === NEVER) {
      queueMicrotask(arrive);
      return;
    }
    const now = performance.now();
    const sent = Math.max(now, this.#sentUntil) + (size / bandwidth) * 1000;
    this.#sentUntil = sent;
    this.#busyUntil = Math.max(this.#busyUntil, sent + latency + jitter * this.#random());
    this.#queue.push(arrive);
    // Timers of the same millisecond may fire in any order, so each takes the next event.
    setTimeout(() => this.#queue.shift()!(), this.#busyUntil - now);
  }
}

const NEVER = Number.POSITIVE_INFINITY;

const encoder = new TextEncoder();

function sizeOf(message: unknown): number {
  if (message instanceof Uint8Array) return message.length;
  const text = typeof message === "string" ? message : (JSON.stringify(message, asText) ?? "");
  return encoder.encode(text).length;
}

/** Makes JSON of a bigint, which a structured clone keeps. */
function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** The first bytes of a text. A character that is cut in two is left out. */
function beginning(text: string, bytes: number): string {
  return new TextDecoder().decode(encoder.encode(text).subarray(0, bytes)).replace(/\ufffd$/, "");
}
