import { checkOptions, type OptionRules, optionRules } from "@capnweb/core/options";

/** The options of `batched()`. */
export interface BatchOptions<K = any> {
  /**
   * The most keys that the function gets at once. More calls become several batches. Default:
   * 1,000.
   */
  maxBatchSize?: number | undefined;
  /**
   * Returns the identity of a key: calls of one batch whose identities are equal, as in a `Map`,
   * share a result. Default: the key itself, so equal texts and numbers share one, and objects
   * don't. A constant would give all calls one result.
   */
  identify?: ((key: K) => unknown) | undefined;
  /**
   * True if a result also serves later calls of the same request: of the same `map()`, of the same
   * plan, and of the calls that one call makes. Results that aren't plain data, and errors, aren't
   * kept. Set it only if a request can't change what it reads. Default: false.
   */
  cache?: boolean | undefined;
  /**
   * True if the results don't depend on the caller, so that the calls of all clients may be in one
   * batch. The function then gets no session and no metadata. Default: false.
   */
  shared?: boolean | undefined;
}

/** The options with their defaults. */
export interface BatchSettings {
  readonly maxBatchSize: number;
  readonly identify: ((key: any) => unknown) | undefined;
  readonly cache: boolean;
  readonly shared: boolean;
}

const RULES: OptionRules<BatchOptions> = {
  maxBatchSize: {
    must: "a whole number, 1 or more",
    allows: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  },
  identify: optionRules.function,
  cache: optionRules.boolean,
  shared: optionRules.boolean,
};

/** @throws TypeError for an option that there isn't, or of a wrong type */
export function settingsOf(options: BatchOptions = {}): BatchSettings {
  checkOptions("batched()", options, RULES);
  const { maxBatchSize = 1_000, identify, cache = false, shared = false } = options;
  return { maxBatchSize, identify, cache, shared };
}
