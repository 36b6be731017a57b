import { ProtocolError } from "@capnweb/wire";
import type { CallMetadata } from "../call-context/call-context.ts";
import type { Carried } from "../call-context/carried.ts";
import { type Kept, readContext } from "../call-context/received.ts";
import type { ContextHost } from "../session/contexts.ts";
import { KEPT_METADATA } from "./told-metadata.ts";

/** The contexts that a session's peer has told, and the metadata that is kept for it. */
export class HeardContexts {
  readonly #host: ContextHost;
  readonly #kept: (Kept | undefined)[] = [];

  constructor(host: ContextHost) {
    this.#host = host;
  }

  /**
   * Notes the context of the peer's calls from now on, which is held for it.
   *
   * @throws LimitError, ProtocolError for a hostile one
   */
  receive(said: unknown): void {
    const host = this.#host;
    const { as, metadata } = Object(said) as { readonly as?: unknown; readonly metadata?: unknown };
    const kept = typeof metadata === "number" ? this.#find(metadata) : undefined;
    const carried = readContext(said, host.limits, kept);
    if (!kept && carried?.metadata) this.#keep(as, carried.metadata, carried.bytes);
    this.#replace(carried);
  }

  /** @throws ProtocolError for a number without metadata, because a call would run without it */
  #find(number: number): Kept {
    const kept = this.#kept[number];
    if (!kept) throw new ProtocolError(`No metadata was sent as ${number}.`);
    return kept;
  }

  #keep(as: unknown, metadata: CallMetadata, bytes: number): void {
    if (typeof as !== "number" || !Number.isInteger(as) || as < 0 || as >= KEPT_METADATA) return;
    const { held } = this.#host;
    held.remove(this.#kept[as]?.bytes ?? 0);
    this.#kept[as] = { metadata, bytes };
    held.add(bytes);
  }

  #replace(carried: Carried | undefined): void {
    const { received, held } = this.#host;
    this.#host.received = carried;
    held.remove(received?.bytes ?? 0);
    held.add(carried?.bytes ?? 0);
  }
}
