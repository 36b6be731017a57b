import type { CallMetadata } from "../call-context/call-context.ts";

/** The sets of metadata that a receiver keeps, under the numbers from 0 on. */
export const KEPT_METADATA = 16;

/** Metadata that the peer keeps. */
interface Kept {
  metadata: CallMetadata;
  readonly text: string;
  /** The count of uses at the last one. */
  usedAt: number;
}

/** The form in which metadata travels: the number of a set that the peer keeps, or a new set. */
export type ToldAs = { readonly metadata: number | CallMetadata; readonly as?: number };

/**
 * The metadata that the peer keeps, so that calls for several clients in turn needn't send theirs
 * again.
 */
export class ToldMetadata {
  readonly #kept: Kept[] = [];
  #uses = 0;

  /** The form in which `metadata` travels. The peer keeps it from then on. */
  tell(metadata: CallMetadata): ToldAs {
    this.#uses++;
    const same = this.#kept.findIndex((each) => each.metadata === metadata);
    if (same >= 0) return this.#use(same, metadata);
    const text = JSON.stringify(metadata);
    const equal = this.#kept.findIndex((each) => each.text === text);
    if (equal >= 0) return this.#use(equal, metadata);
    const as = this.#free();
    this.#kept[as] = { metadata, text, usedAt: this.#uses };
    return { metadata, as };
  }

  #use(i: number, metadata: CallMetadata): ToldAs {
    const kept = this.#kept[i]!;
    kept.metadata = metadata;
    kept.usedAt = this.#uses;
    return { metadata: i };
  }

  /** A free number, or that of the set that wasn't used for longest. */
  #free(): number {
    const kept = this.#kept;
    if (kept.length < KEPT_METADATA) return kept.length;
    return kept.reduce((least, { usedAt }, i) => (usedAt < kept[least]!.usedAt ? i : least), 0);
  }
}
