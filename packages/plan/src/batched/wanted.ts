import { RpcStub } from "@capnweb/core";
import { isData } from "./is-data.ts";

/** A call that waits for its result. */
interface Caller {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** One result of a batch, with the calls that want it. */
export class Wanted<K> {
  readonly key: K;
  /** The result, once it is there, if several calls may have it. */
  data: { readonly value: unknown } | undefined;
  isSettled = false;
  #callers: Caller[] = [];

  /** @param key the key of the first call */
  constructor(key: K) {
    this.key = key;
  }

  /** Adds a call. */
  add(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#callers.push({ resolve, reject });
    });
  }

  fail(error: unknown): void {
    for (const { reject } of this.#take()) reject(error);
  }

  /** Gives the result to all calls. Each gets its own references to the capabilities in it. */
  settle(value: unknown): void {
    const callers = this.#take();
    if (isData(value)) this.data = { value };
    else if (callers.length > 1) {
      share(value, callers);
      return;
    }
    for (const { resolve } of callers) resolve(value);
  }

  #take(): Caller[] {
    const callers = this.#callers;
    this.#callers = [];
    this.isSettled = true;
    return callers;
  }
}

/** Gives each call a copy with references of its own, and gives up the original. */
async function share(value: unknown, callers: readonly Caller[]): Promise<void> {
  try {
    const holder = await stubOf(value);
    // All get their copies before the original goes.
    const copies = callers.map(() => holder.value);
    await Promise.all(copies.map((copy, i) => copy.then(callers[i]!.resolve, callers[i]!.reject)));
    holder[Symbol.dispose]();
  } catch (error) {
    for (const { reject } of callers) reject(error);
  }
}

/** A stub of an object with the value, in which stubs stand for the capabilities. */
async function stubOf(value: unknown): Promise<any> {
  // As the result of a call, the value hands over its targets, and each of them once.
  const give = new RpcStub(() => ({ value })) as any;
  try {
    return new RpcStub(await give());
  } finally {
    give[Symbol.dispose]();
  }
}

/** Gives up results that no call gets. */
export function disposeOf(results: unknown): void {
  new RpcStub({ results } as any)[Symbol.dispose]();
}
