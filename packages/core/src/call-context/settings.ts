import { LIMIT_PROFILES } from "@capnweb/wire";
import type { CallMetadata } from "./call-context.ts";
import type { CallOptions } from "./call-options.ts";
import { Carried } from "./carried.ts";
import { copyMetadata } from "./plain-data.ts";

const NEVER = Infinity;

const NAMES = "timeout, signal, metadata, idempotent, inherit, traceparent, tracestate";
const KNOWN = new Set(NAMES.split(", "));

/** The checked options of calls, merged with the surrounding ones. Immutable. */
export class CallSettings {
  /** The timeout in milliseconds. */
  readonly timeout: number;
  readonly signals: readonly AbortSignal[];
  readonly metadata: CallMetadata | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly idempotent: boolean | undefined;
  /** True if calls belong to the call that makes them; `undefined` if the options don't say. */
  readonly inherits: boolean | undefined;
  /** The context of calls without a deadline to which no other context is added. */
  readonly #carried: Carried | undefined;
  /**
   * The merged metadata by that of a surrounding context. Most calls have one of a few, and a peer
   * that has learnt it recognises it.
   */
  readonly #merged = new WeakMap<CallMetadata, CallMetadata>();

  /**
   * @param around the surrounding options
   * @throws TypeError for an unknown option, and for options of a wrong type
   * @throws LimitError for metadata larger than a server accepts by default
   */
  constructor(options: CallOptions, around?: CallSettings) {
    // A mistyped name would silently mean the default, such as no timeout.
    for (const name of Object.keys(options)) {
      if (KNOWN.has(name)) continue;
      throw new TypeError(`Calls have no option "${name}". They have ${NAMES}.`);
    }
    const { timeout = NEVER, signal, metadata } = options;
    if (typeof timeout !== "number" || !(timeout >= 0)) {
      throw new TypeError("timeout must be 0 or more milliseconds. Use Infinity for no limit.");
    }
    if (signal !== undefined && typeof signal.addEventListener !== "function") {
      throw new TypeError("signal must be an AbortSignal.");
    }
    this.timeout = Math.min(timeout, around?.timeout ?? NEVER);
    const signals = around?.signals ?? [];
    this.signals = signal && !signals.includes(signal) ? [...signals, signal] : signals;
    const own = metadata && copyMetadata(metadata, LIMIT_PROFILES.server).metadata;
    this.metadata = merge(around?.metadata, own);
    this.traceparent = options.traceparent ?? around?.traceparent;
    this.tracestate = options.traceparent
      ? options.tracestate
      : (options.tracestate ?? around?.tracestate);
    this.idempotent = options.idempotent ?? around?.idempotent;
    this.inherits = options.inherit ?? around?.inherits;
    if (this.metadata ?? this.traceparent ?? this.tracestate) {
      this.#carried = new Carried(NEVER, this.metadata, this.traceparent, this.tracestate);
    }
  }

  /** True if a deadline or a signal may cancel the calls. */
  get isCancelable(): boolean {
    return this.timeout !== NEVER || this.signals.length > 0;
  }

  /** The context of a call inside `outer`. */
  carriedIn(outer: Carried | undefined): Carried | undefined {
    if (this.timeout === NEVER) {
      if (!outer) return this.#carried;
      if (!this.#carried) return outer;
    }
    const own = this.timeout === NEVER ? NEVER : performance.now() + this.timeout;
    return new Carried(
      Math.min(own, outer?.deadline ?? NEVER),
      this.#metadataIn(outer?.metadata),
      ...this.#traceIn(outer),
    );
  }

  /** The trace, whose two parts belong together. */
  #traceIn(outer: Carried | undefined): [parent: string | undefined, state: string | undefined] {
    const { traceparent, tracestate } = outer?.traceparent && !this.traceparent ? outer : this;
    return [traceparent, tracestate];
  }

  #metadataIn(around: CallMetadata | undefined): CallMetadata | undefined {
    if (!around || !this.metadata) return this.metadata ?? around;
    let merged = this.#merged.get(around);
    if (!merged) {
      merged = merge(around, this.metadata)!;
      this.#merged.set(around, merged);
    }
    return merged;
  }
}

function merge(
  around: CallMetadata | undefined,
  own: CallMetadata | undefined,
): CallMetadata | undefined {
  return around && own ? Object.freeze({ ...around, ...own }) : (own ?? around);
}
