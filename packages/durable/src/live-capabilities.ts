import { breakStub, type RpcStub } from "@capnweb/core";
import { type WeakStub, weakStub } from "@capnweb/core/server";
import { TokenRevokedError } from "./errors.ts";

/** The number of entries below which nothing is swept. */
const LEAST_SWEPT = 64;

/** The token that a capability came from. */
export interface TokenOrigin {
  readonly tokenId: string;
  readonly owner: string | undefined;
  /** The generation of the owner's tokens that it belongs to. */
  readonly generation: number;
}

/** A capability that is being unsealed, or was. */
interface Entry extends TokenOrigin {
  isRevoked: boolean;
  /** `undefined` until it is there. */
  weak: WeakStub<any> | undefined;
}

/** The capabilities of this process that came from tokens, so that revocation reaches them. */
export class LiveCapabilities {
  readonly #entries = new Set<Entry>();
  #sweepAt = LEAST_SWEPT;

  /**
   * Runs `make`, and notes its stub.
   *
   * @throws TokenRevokedError if the token is revoked meanwhile
   */
  async track<T>(
    origin: TokenOrigin,
    make: () => Promise<{ stub: RpcStub<any>; isShared: boolean }>,
  ): Promise<RpcStub<T>> {
    const entry: Entry = { ...origin, isRevoked: false, weak: undefined };
    this.#add(entry);
    try {
      const { stub, isShared } = await make();
      if (entry.isRevoked) {
        stub[Symbol.dispose]();
        throw revoked(entry);
      }
      // Those who share an object have it by other tokens too.
      if (!isShared) entry.weak = weakStub(stub);
      return stub as any;
    } finally {
      if (!entry.weak) this.#entries.delete(entry);
    }
  }

  /** Breaks the capability of each token for which `isRevoked` is true. */
  revoke(isRevoked: (origin: TokenOrigin) => boolean): void {
    for (const entry of this.#entries) {
      if (!isRevoked(entry)) continue;
      entry.isRevoked = true;
      const stub = entry.weak?.deref();
      if (!stub) continue;
      breakStub(stub, revoked(entry));
      stub[Symbol.dispose]();
      this.#entries.delete(entry);
    }
  }

  #add(entry: Entry): void {
    this.#entries.add(entry);
    if (this.#entries.size < this.#sweepAt) return;
    for (const each of this.#entries)
      if (each.weak && isGone(each.weak)) this.#entries.delete(each);
    this.#sweepAt = LEAST_SWEPT + 2 * this.#entries.size;
  }
}

function isGone(weak: WeakStub<any>): boolean {
  const stub = weak.deref();
  stub?.[Symbol.dispose]();
  return stub === undefined;
}

function revoked({ tokenId, owner }: Entry): TokenRevokedError {
  const of = owner === undefined ? "" : ` of the owner ${JSON.stringify(owner)}`;
  return new TokenRevokedError(`The token ${tokenId}${of} was revoked.`);
}
