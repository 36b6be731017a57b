import type { CallContext } from "@capnweb/core";
import { type BatchContext, JoinedContext } from "./batch-context.ts";
import { BatchError } from "./errors.ts";
import { disposeOf, Wanted } from "./wanted.ts";

/** A function that answers many calls at once. */
export type Load = (this: any, keys: any[], batch: BatchContext) => unknown;

/** The subject of sentences about a batched function. */
export function nameOf(load: Load): string {
  return load.name ? `The batched function ${load.name}` : "A batched function without a name";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Calls that are answered together. */
export class Batch<K> {
  readonly context: JoinedContext;
  readonly #load: Load;
  readonly #self: unknown;
  readonly #wanted: Wanted<K>[] = [];
  readonly #byIdentity = new Map<unknown, Wanted<K>>();

  /**
   * @param self the `this` of the calls
   * @param caller the context of any call, unless callers share the batch
   */
  constructor(load: Load, self: unknown, caller: CallContext | undefined) {
    this.#load = load;
    this.#self = self;
    this.context = new JoinedContext(caller);
  }

  /** The number of keys. */
  get size(): number {
    return this.#wanted.length;
  }

  /** The result for an identity, if a call asks for it. */
  find(identity: unknown): Wanted<K> | undefined {
    return this.#byIdentity.get(identity);
  }

  /** Adds a key. */
  want(key: K, identity: unknown): Wanted<K> {
    const wanted = new Wanted(key);
    this.#wanted.push(wanted);
    this.#byIdentity.set(identity, wanted);
    return wanted;
  }

  /** Calls the function, and gives each call its result. Never throws. */
  async run(): Promise<void> {
    const wanted = this.#wanted;
    let results: unknown;
    try {
      const keys = wanted.map(({ key }) => key);
      results = await Reflect.apply(this.#load, this.#self, [keys, this.context]);
      this.#check(results, wanted.length);
    } catch (error) {
      for (const each of wanted) each.fail(error);
      return;
    }
    for (let i = 0; i < wanted.length; i++) this.#settle(wanted[i]!, results, i);
  }

  #settle(wanted: Wanted<K>, results: unknown[], i: number): void {
    const result = results[i];
    if (result instanceof Error) wanted.fail(result);
    else if (i in results) wanted.settle(result);
    else
      wanted.fail(
        new BatchError(`${nameOf(this.#load)} returned no result for key ${i} of its list.`),
      );
  }

  #check(results: unknown, keys: number): asserts results is unknown[] {
    const need = `Return a list with one result or Error for each key, in the order of the keys.`;
    if (!Array.isArray(results)) {
      disposeOf(results);
      throw new BatchError(
        `${nameOf(this.#load)} returned no list for ${count(keys, "key")}. ${need}`,
      );
    }
    if (results.length === keys) return;
    disposeOf(results);
    throw new BatchError(
      `${nameOf(this.#load)} returned ${count(results.length, "result")} for ` +
        `${count(keys, "key")}. ${need}`,
    );
  }
}
