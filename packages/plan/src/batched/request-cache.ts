import type { Batch } from "./batch.ts";
import type { Wanted } from "./wanted.ts";

/** A result that is there, or will be. */
export interface Kept<K> {
  readonly batch: Batch<K>;
  readonly wanted: Wanted<K>;
}

/** Results that serve later calls of their request. They go with the request. */
export class RequestCache<K> {
  readonly #requests = new WeakMap<object, Map<string, Map<unknown, Kept<K>>>>();

  /** The result for an identity, unless it was an error, no data, or is given up. */
  find(request: object, callers: string, identity: unknown): Kept<K> | undefined {
    const kept = this.#requests.get(request)?.get(callers)?.get(identity);
    if (kept?.wanted.data) return kept;
    return kept && !kept.wanted.isSettled && !kept.batch.context.isAborted ? kept : undefined;
  }

  keep(request: object, callers: string, identity: unknown, kept: Kept<K>): void {
    let ofCallers = this.#requests.get(request);
    if (!ofCallers) {
      ofCallers = new Map();
      this.#requests.set(request, ofCallers);
    }
    let results = ofCallers.get(callers);
    if (!results) {
      results = new Map();
      ofCallers.set(callers, results);
    }
    results.set(identity, kept);
  }
}
