/** The revocations that a store knows about a token. */
export interface Revocations {
  /** True if the token was revoked by its id. */
  readonly isRevoked: boolean;
  /** The current generation of the owner's tokens; 0 if they were never revoked. */
  readonly generation: number;
}

/**
 * Remembers revocations. Several processes that unseal the same tokens share one. If a method
 * throws or rejects, tokens are refused with a `StoreError`.
 *
 * All times are milliseconds since 1970. A store may forget an entry after its `expires`, which is
 * `Infinity` for tokens that don't expire.
 */
export interface RevocationStore {
  /**
   * Looks up the revocations of a token. Every unsealing calls it once, and so does every sealing
   * with an owner.
   *
   * @param tokenId `undefined` for a token that is being sealed
   */
  find(
    tokenId: string | undefined,
    owner: string | undefined,
  ): Revocations | PromiseLike<Revocations>;
  /** Revokes one token. */
  revokeToken(tokenId: string, expires: number, now: number): void | PromiseLike<void>;
  /**
   * Begins a new generation of an owner's tokens, which revokes those of all earlier ones. The
   * generation becomes `now`, or one more than it was if that is greater, so that a clock that is
   * set back does no harm. Atomic.
   *
   * @param expires the time at which the last of the revoked tokens expires
   */
  revokeOwner(owner: string, expires: number, now: number): void | PromiseLike<void>;
}
