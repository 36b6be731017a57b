import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/wire";
import { type Budget, STEPS } from "../budget.ts";
import type { CoreValueType } from "./core-value-type.ts";
import { handleIfStub } from "./handle.ts";
import { HeldStream } from "./held-stream.ts";
import type { Disposer, PendingPart } from "./payload.ts";
import type { Runtime } from "./runtime.ts";

/** As how many values a container counts besides its own. */
const CONTAINER = 4;

/** How many steps beyond its budget a copy takes to find what an application handed over. */
const MOST_OVERSPENT = 1_000_000;

/**
 * Copies a value for delivery in this process: containers are copied, values without capabilities
 * are passed as they are, and every capability becomes a stub whose hook is collected.
 */
export class Copier {
  readonly references: Disposer[] = [];
  readonly pending: PendingPart[] = [];
  readonly #runtime: Runtime;
  readonly #moved: boolean;
  readonly #lent: readonly Disposer[];
  readonly #budget: Budget | undefined;
  /** How many values were copied, containers counted as several. */
  values = 0;
  #depth = 0;
  /** Why the copy is of no use, if its budget is spent; it only collects then what was handed over. */
  failure: { readonly error: unknown } | undefined;
  #overspent = 0;

  /**
   * @param moved whether the stubs in the value are handed over with it, rather than duplicated
   * @param lent the hooks of stubs which aren't handed over even so
   * @param budget the copied values count against it; default: no limit
   */
  constructor(runtime: Runtime, moved: boolean, lent: readonly Disposer[] = [], budget?: Budget) {
    this.#runtime = runtime;
    this.#moved = moved;
    this.#lent = lent;
    this.#budget = budget;
  }

  /** @param parent where the copy will stand: `parent[key]` */
  copy(value: unknown, parent: object, key: PropertyKey): unknown {
    switch (typeof value) {
      case "object":
        if (value === null) return null;
        break;
      case "function":
        break;
      default:
        return value;
    }
    if (Array.isArray(value)) return this.#copyArray(value);
    if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      return this.#copyObject(value);
    }
    return this.#copyOther(value, parent, key);
  }

  #copyArray(value: readonly unknown[]): unknown[] {
    this.#enter(value.length);
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) copy[i] = this.copy(value[i], copy, i);
    this.#depth--;
    return copy;
  }

  #copyObject(value: object): object {
    const keys = Object.keys(value);
    this.#enter(keys.length);
    const copy: Record<string, unknown> = {};
    for (const key of keys) {
      const child = this.copy((value as Record<string, unknown>)[key], copy, key);
      // The name is one that never travels; assigning it would change the copy's prototype.
      if (key !== "__proto__") copy[key] = child;
    }
    this.#depth--;
    return copy;
  }

  #copyOther(value: object, parent: object, key: PropertyKey): unknown {
    const type = this.#runtime.table.find(value) as CoreValueType | undefined;
    if (!type) return value;
    if (type.own) {
      this.#spend(STEPS.reference);
      const owned = type.own(value, this.#runtime, this.#moved && !this.#isLent(value));
      if (type.isPromise) {
        const path = handleIfStub(value)?.path ?? [];
        this.pending.push({ parent, key, hook: owned, path });
        return this.#runtime.makePromise(owned, path);
      }
      this.references.push(owned);
      return this.#runtime.makeStub(owned);
    }
    const stream = type.streamOf?.(value);
    if (stream) this.references.push(new HeldStream(stream));
    return value;
  }

  #isLent(value: object): boolean {
    const hook = this.#lent.length > 0 ? handleIfStub(value)?.hook : undefined;
    return hook !== undefined && this.#lent.includes(hook);
  }

  /** @param count how many values there are in what is entered */
  #enter(count: number): void {
    if (++this.#depth >= DEFAULT_MAX_DEPTH) throw new DepthError();
    this.values += count + CONTAINER;
    this.#spend(count + 1);
  }

  /** @throws LimitError for a copy that is of no use, unless something in it is handed over with it */
  #spend(steps: number): void {
    if (this.failure) {
      this.#overspent += steps;
      if (this.#overspent > MOST_OVERSPENT) throw this.failure.error;
      return;
    }
    try {
      this.#budget?.spend(steps);
    } catch (error) {
      if (!this.#moved) throw error;
      this.failure = { error };
    }
  }
}
