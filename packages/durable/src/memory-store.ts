import type { RevocationStore, Revocations } from "./revocation-store.ts";

/** The number of entries below which nothing is swept. */
const LEAST_SWEPT = 1_024;

/**
 * Remembers revocations in memory, until the process ends. A token that was revoked before a
 * restart works again after it, unless its key was made at the start of the process. Use another
 * store if tokens outlive the process.
 */
export class MemoryRevocationStore implements RevocationStore {
  /** The times at which revoked tokens expire, by id. */
  readonly #tokens = new Map<string, number>();
  readonly #owners = new Map<string, { generation: number; expires: number }>();
  #sweepAt = LEAST_SWEPT;

  /** The number of entries. */
  get size(): number {
    return this.#tokens.size + this.#owners.size;
  }

  find(tokenId: string | undefined, owner: string | undefined): Revocations {
    return {
      isRevoked: tokenId !== undefined && this.#tokens.has(tokenId),
      generation: (owner === undefined ? undefined : this.#owners.get(owner))?.generation ?? 0,
    };
  }

  revokeToken(tokenId: string, expires: number, now: number): void {
    this.#tokens.set(tokenId, expires);
    this.#sweep(now);
  }

  revokeOwner(owner: string, expires: number, now: number): void {
    const last = this.#owners.get(owner);
    const generation = Math.max(now, (last?.generation ?? 0) + 1);
    this.#owners.set(owner, { generation, expires: Math.max(expires, last?.expires ?? 0) });
    this.#sweep(now);
  }

  #sweep(now: number): void {
    if (this.size < this.#sweepAt) return;
    for (const [id, expires] of this.#tokens) if (expires <= now) this.#tokens.delete(id);
    for (const [owner, { expires }] of this.#owners) {
      if (expires <= now) this.#owners.delete(owner);
    }
    this.#sweepAt = LEAST_SWEPT + 2 * this.size;
  }
}
