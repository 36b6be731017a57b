import { ANNOUNCEMENT_ID, type Expression, LIMIT_PROFILES } from "@capnweb/wire";
import type { CallMetadata } from "../call-context/call-context.ts";
import type { Carried } from "../call-context/carried.ts";
import { copyMetadata } from "../call-context/plain-data.ts";
import { ErrorHook } from "../model/hook.ts";
import type { OutgoingHost } from "../session/outgoing.ts";
import type { Transport } from "../transport.ts";
import { SharedContext } from "./context-headers.ts";
import { ToldMetadata } from "./told-metadata.ts";

/**
 * The context that the peer assumes for this side's calls. It lasts until the peer learns another
 * one.
 */
export class ToldContext {
  readonly #host: OutgoingHost;
  readonly #transport: Transport;
  #told: Carried | undefined;
  /** True if the peer has announced that it knows contexts. */
  isKnown = false;
  /**
   * Metadata that the peer takes, so that most calls needn't measure theirs. Made when first
   * needed: many sessions never send any, and a weak set makes garbage collections slower.
   */
  #fitting: WeakSet<CallMetadata> | undefined;
  #lazyMetadata: ToldMetadata | undefined;
  /** The context of all calls, if the transport carries one. */
  #shared: SharedContext | undefined;

  constructor(host: OutgoingHost, transport: Transport) {
    this.#host = host;
    this.#transport = transport;
    if (transport.carry) this.#shared = new SharedContext();
  }

  get #metadata(): ToldMetadata {
    this.#lazyMetadata ??= new ToldMetadata();
    return this.#lazyMetadata;
  }

  /** True if a call without a context needs no message. */
  get isNone(): boolean {
    return this.#told === undefined && this.#shared === undefined;
  }

  /**
   * The failure of a call whose metadata the peer doesn't take. The peer would end the session,
   * which other callers may share: metadata of a caller is handed on with that of this side.
   */
  refusalOf(metadata: CallMetadata | undefined): ErrorHook | undefined {
    if (!metadata || this.#fitting?.has(metadata) || !(this.isKnown || this.#shared))
      return undefined;
    const { maxMetadataSize, maxDepth } = LIMIT_PROFILES.server;
    const announced = this.#host.negotiation.features.limits.maxMetadataSize;
    try {
      copyMetadata(metadata, { maxMetadataSize: announced ?? maxMetadataSize, maxDepth });
    } catch (error) {
      return new ErrorHook(error);
    }
    this.#fitting ??= new WeakSet();
    this.#fitting.add(metadata);
    return undefined;
  }

  /**
   * Tells the peer the context of the calls from now on, if the peer knows contexts and has another
   * one.
   *
   * @returns the failure of a call that can't have its context
   */
  tell(carried: Carried | undefined): ErrorHook | undefined {
    if (this.#shared) return this.#share(this.#shared, carried);
    // Most calls have none, and neither had those before.
    if (carried !== this.#told && this.isKnown) this.#change(carried);
    return undefined;
  }

  #change(carried: Carried | undefined): void {
    // Deadlines may differ by less than the peer needs to know.
    if (carried && this.#told?.isSame(carried)) return;
    this.#told = carried;
    const { form, outbox } = this.#host;
    const metadata = carried?.metadata && this.#metadata.tell(carried.metadata);
    const context = { ...carried?.expression(), ...metadata };
    outbox.tell("reject", ANNOUNCEMENT_ID, form.operand({ capnweb: { context } } as Expression));
  }

  #share(shared: SharedContext, carried: Carried | undefined): ErrorHook | undefined {
    try {
      shared.add(carried);
    } catch (error) {
      return new ErrorHook(error);
    }
    if (carried && !this.#told) {
      this.#told = carried;
      this.#transport.carry?.(shared);
    }
    return undefined;
  }
}
