import { serialize } from "@capnweb/wire";
import type { PlanLimits } from "../shape/limits.ts";
import type { Holder } from "./holder.ts";
import type { Program } from "./program.ts";

/** The size of all prepared plans together, in plans of the largest size. */
const MOST_LARGEST = 16;

interface Kept {
  readonly program: Program;
  readonly size: number;
  /** The sessions that have prepared or run it, unless they have ended. */
  readonly holders: Set<Holder>;
}

/**
 * Prepared plans by their hashes. If there are too many, those without a session go first, then
 * those of the session that has most. Among these, those go that weren't used for longest.
 */
export class PreparedPlans {
  readonly #limits: PlanLimits;
  readonly #plans = new Map<string, Kept>();
  #size = 0;

  constructor(limits: PlanLimits) {
    this.#limits = limits;
  }

  /**
   * Keeps a plan.
   *
   * @param plan the checked shape of the program
   * @returns its hash: SHA-256 of its text on the wire, in hexadecimal digits
   */
  async add(plan: unknown, program: Program, holder: Holder): Promise<string> {
    const text = serialize(plan);
    const hash = await sha256(text);
    if (this.find(hash, holder)) return hash;
    // Constants of the plan stay in the program.
    const size = text.length + program.size;
    const kept: Kept = { program, size, holders: new Set() };
    this.#plans.set(hash, kept);
    this.#size += size;
    this.#hold(kept, holder);
    this.#shrink();
    return hash;
  }

  find(hash: unknown, holder: Holder): Program | undefined {
    const kept = this.#plans.get(hash as string);
    if (!kept) return undefined;
    // To the end of the map, where those are that were used last.
    this.#plans.delete(hash as string);
    this.#plans.set(hash as string, kept);
    this.#hold(kept, holder);
    return kept.program;
  }

  /** Notes the end of a session. Its plans stay while there is room. */
  leave(holder: Holder): void {
    holder.hasEnded = true;
    for (const kept of this.#plans.values()) drop(kept, holder);
  }

  #hold(kept: Kept, holder: Holder): void {
    if (holder.hasEnded || kept.holders.has(holder)) return;
    kept.holders.add(holder);
    holder.plans++;
    holder.size += kept.size;
  }

  #shrink(): void {
    const { maxPrepared, maxPlanSize } = this.#limits;
    for (;;) {
      const isLarge = this.#size > MOST_LARGEST * maxPlanSize;
      if (!isLarge && this.#plans.size <= maxPrepared) return;
      const weigh = (holder: Holder) => (isLarge ? holder.size : holder.plans);
      this.#dropFrom(this.#largest(weigh));
    }
  }

  /** The session that has most; `undefined` if there are plans without one. */
  #largest(weigh: (holder: Holder) => number): Holder | undefined {
    let largest: Holder | undefined;
    for (const { holders } of this.#plans.values()) {
      if (holders.size === 0) return undefined;
      for (const each of holders) if (!largest || weigh(each) > weigh(largest)) largest = each;
    }
    return largest;
  }

  /** Takes the oldest plan from a session. It goes once no session has it. */
  #dropFrom(holder: Holder | undefined): void {
    for (const [hash, kept] of this.#plans) {
      if (holder && !drop(kept, holder)) continue;
      if (kept.holders.size === 0) {
        this.#size -= kept.size;
        this.#plans.delete(hash);
        return;
      }
      if (holder) return;
    }
  }
}

function drop(kept: Kept, holder: Holder): boolean {
  if (!kept.holders.delete(holder)) return false;
  holder.plans--;
  holder.size -= kept.size;
  return true;
}

const HEX = 16;

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(HEX).padStart(2, "0")).join("");
}
