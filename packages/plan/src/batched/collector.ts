import { type CallContext, findCurrentCall, NoCallError, withinCall } from "@capnweb/core";
import { afterInput } from "./after-input.ts";
import { Batch, type Load, nameOf } from "./batch.ts";
import { Identities } from "./identities.ts";
import type { BatchSettings } from "./options.ts";
import { RequestCache } from "./request-cache.ts";

/** Collects the calls of a batched function, and answers them at the end of the turn. */
export class Collector<K> {
  readonly #load: Load;
  readonly #settings: BatchSettings;
  readonly #identities = new Identities();
  readonly #cache: RequestCache<K> | undefined;
  /** The batches of this turn that have room, by their callers. */
  readonly #open = new Map<string, Batch<K>>();
  /** The batches of this turn. */
  #batches: Batch<K>[] = [];

  constructor(load: Load, settings: BatchSettings) {
    this.#load = load;
    this.#settings = settings;
    this.#cache = settings.cache ? new RequestCache() : undefined;
  }

  /** Makes a call a part of a batch. */
  async call(self: unknown, key: K): Promise<unknown> {
    const context = this.#contextOf();
    const identity = this.#settings.identify ? this.#settings.identify(key) : key;
    const callers = this.#callersOf(self, context);
    const kept = context && this.#cache?.find(context.request, callers, identity);
    if (kept?.wanted.data) return kept.wanted.data.value;
    const open = kept ?? this.#find(callers, identity);
    if (open) {
      open.batch.context.add(context);
      return open.wanted.add();
    }
    const batch = this.#batchFor(callers, self, context);
    batch.context.add(context);
    const wanted = batch.want(key, identity);
    if (context) this.#cache?.keep(context.request, callers, identity, { batch, wanted });
    return wanted.add();
  }

  /**
   * The context of the running call.
   *
   * @throws NoCallError if the caller isn't known, unless callers share batches
   */
  #contextOf(): CallContext | undefined {
    const context = findCurrentCall();
    if (context || this.#settings.shared) return context;
    throw new NoCallError(
      `${nameOf(this.#load)} was called outside of a call, or after an ` +
        "await, so that its caller isn't known. Call it before the method's first await or " +
        "within withinCall(), import @capnweb/core/async-context, or set shared: true if the " +
        "results are the same for all callers.",
    );
  }

  /** The name of the callers that may share a batch. */
  #callersOf(self: unknown, context: CallContext | undefined): string {
    const { shared } = this.#settings;
    const identities = this.#identities;
    const callee = identities.of(self);
    if (shared) return `${callee}`;
    return `${callee} ${identities.of(context?.session)} ${identities.of(context?.metadata)}`;
  }

  #find(callers: string, identity: unknown) {
    const batch = this.#open.get(callers);
    const wanted = batch?.find(identity);
    return wanted && batch && { batch, wanted };
  }

  #batchFor(callers: string, self: unknown, context: CallContext | undefined): Batch<K> {
    const { maxBatchSize, shared } = this.#settings;
    let batch = this.#open.get(callers);
    if (!batch || batch.size >= maxBatchSize) {
      batch = new Batch(this.#load, self, shared ? undefined : context);
      this.#open.set(callers, batch);
      // The batch belongs to no call, or the end of one call would cancel what others wait for.
      if (this.#batches.length === 0) withinCall(undefined, () => afterInput(() => this.#run()));
      this.#batches.push(batch);
    }
    return batch;
  }

  #run(): void {
    const batches = this.#batches;
    this.#batches = [];
    this.#open.clear();
    for (const batch of batches) batch.run();
  }
}
