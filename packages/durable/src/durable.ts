import type { RpcStub } from "@capnweb/core";
import { checkOptions, optionRules, required } from "@capnweb/core/options";
import { decrypt, encrypt } from "./cipher.ts";
import { type Claims, readClaims, writeClaims } from "./claims.ts";
import { ClassRegistry } from "./class-registry.ts";
import {
  AudienceError,
  StoreError,
  TokenExpiredError,
  TokenRevokedError,
  UnsealableError,
} from "./errors.ts";
import type { KeyRing } from "./key-ring.ts";
import { Limiter } from "./limiter.ts";
import { LiveCapabilities, type TokenOrigin } from "./live-capabilities.ts";
import { MemoryRevocationStore } from "./memory-store.ts";
import { DURABLE_RULES, SEAL_RULES, UNSEAL_RULES } from "./option-rules.ts";
import {
  type DurableOptions,
  type LastArgument,
  type SealOptions,
  type UnsealOptions,
  withDefaults,
} from "./options.ts";
import { ParamsCodec } from "./params.ts";
import { Restorer } from "./restorer.ts";
import type { RevocationStore, Revocations } from "./revocation-store.ts";

/**
 * The most tokens that are encrypted or decrypted at once: enough for the threads of a runtime, and
 * few enough that other users of these threads needn't wait.
 */
const MAX_CIPHERS = 16;

/** The facts in a token, for the operator. */
export interface TokenFacts extends Omit<Claims, "name" | "generation"> {
  /** The token's id. It isn't secret, so logs may have it. */
  readonly id: string;
  /** The id of the key that sealed it. */
  readonly keyId: string;
  /** The name of the object's class. */
  readonly className: string;
}

/**
 * Seals capabilities into tokens, and turns tokens into capabilities again: in another process, and
 * after a restart.
 *
 * A token is a text that URLs can contain. It holds the name of the object's class and its params,
 * encrypted and authenticated with AES-256-GCM. Nothing is stored for it, except if it is revoked.
 *
 * @typeParam I the identities that `unseal()` is given, and that `[restore]` of the classes gets
 *
 * @example
 * ```ts
 * const keys = new KeyRing([{ id: "1", secret }]);
 * const durable = new Durable({ classes: { room: Room }, keys });
 * const token = await durable.seal(room, { owner: "ada" });
 * const again = await durable.unseal<Room>(token);
 * ```
 */
export class Durable<I = undefined> {
  readonly #keys: KeyRing;
  readonly #store: RevocationStore;
  readonly #options: ReturnType<typeof withDefaults>;
  readonly #params: ParamsCodec;
  readonly #restorer: Restorer;
  readonly #live = new LiveCapabilities();
  /** Never refuses: callers bound their own calls, and a server has to be able to seal. */
  readonly #ciphers = new Limiter(MAX_CIPHERS, Number.POSITIVE_INFINITY, () => new Error());

  /**
   * @throws TypeError for a class without `[restore]` or `[restoreParams]`, an unknown option, a
   *   wrong value, and options without `classes` or `keys`
   */
  constructor(options: DurableOptions<I>) {
    checkOptions("new Durable()", options, DURABLE_RULES);
    const settings = withDefaults(options);
    const { maxRestores, maxWaitingRestores, restoreTimeout } = settings;
    this.#options = settings;
    this.#keys = options.keys;
    this.#store = options.store ?? new MemoryRevocationStore();
    const classes = new ClassRegistry(options.classes);
    this.#params = new ParamsCodec(classes, settings.maxNested, options.types);
    this.#restorer = new Restorer(maxRestores, maxWaitingRestores, restoreTimeout);
    this.#lifetime(undefined);
  }

  /** The current time, by the option `now`. */
  get now(): number {
    return this.#options.now();
  }

  /**
   * Makes a token for a capability. Its params are read before this returns.
   *
   * @param capability an object of a durable class, or a stub of one in this process. It stays the
   *   caller's
   * @throws UnsealableError for anything else, for params that can't travel, and for a token that
   *   would be too long
   * @throws StoreError if the token has an owner, and the store fails
   * @throws RangeError for a lifetime that isn't positive, or over `maxLifetime`
   * @throws TypeError for an unknown option, and for a wrong value
   */
  async seal(capability: object, options: SealOptions = {}): Promise<string> {
    checkOptions("seal()", options, SEAL_RULES);
    const { owner, audience } = options;
    const { name, text } = this.#params.encode(capability);
    const issued = this.#options.now();
    const renewableUntil = finite(options.renewableUntil);
    const expires = Math.min(
      Math.floor(issued + this.#lifetime(options.expiresIn)),
      renewableUntil ?? Number.POSITIVE_INFINITY,
    );
    const generation = owner === undefined ? 0 : (await this.#find(undefined, owner)).generation;
    const claims = { name, issued, expires, audience, owner, generation, renewableUntil };
    const encrypted = () => encrypt(this.#keys, writeClaims(claims, text));
    const token = await this.#ciphers.run(encrypted, owner ?? audience);
    const { maxTokenSize } = this.#options;
    if (token.length <= maxTokenSize) return token;
    throw new UnsealableError(
      `The token of an object of "${name}" would have ${token.length} characters, and ` +
        `maxTokenSize is ${maxTokenSize}. Let its params have an id instead of data.`,
    );
  }

  /**
   * Turns a token into a capability.
   *
   * @typeParam T the type of the object. Nothing checks it
   * @param token any value that a peer sends; only a token is accepted
   * @returns a stub, which the caller disposes of
   * @throws TokenForgedError, UnknownKeyError, TokenExpiredError, AudienceError, UnknownClassError,
   *   TokenRevokedError for a token that is refused
   * @throws RestoreError, RestoreBusyError, StoreError for one that may work later. All of these
   *   are a `TokenError`: the message tells nothing, and the `cause` tells the operator the reason
   * @throws TypeError for an unknown option, and for a wrong value
   */
  async unseal<T = any>(
    token: unknown,
    ...[options]: LastArgument<UnsealOptions<I>>
  ): Promise<RpcStub<T>> {
    checkOptions("unseal()", options ?? {}, UNSEAL_RULES);
    const { identity, audience: expected } = (options ?? {}) as UnsealOptions<any>;
    const { id, claims, params } = await this.#open(token, identity ?? expected);
    const { owner, audience, issued, expires, generation } = claims;
    this.#checkTime(id, claims);
    if (audience !== expected) {
      throw new AudienceError(
        `The token ${id} is for the audience ${JSON.stringify(audience)}, ` +
          `and ${JSON.stringify(expected)} used it. Both must be equal, or undefined.`,
      );
    }
    const object = this.#params.decode(claims.name, params);
    const facts = { identity, audience, owner, tokenId: id, issued, expires };
    return await this.#live.track<T>({ tokenId: id, owner, generation }, async () => {
      await this.#checkRevocations(id, claims);
      return await this.#restorer.restore(object, facts);
    });
  }

  /**
   * Reads a token without using it. Tells neither whether it was revoked nor whether it has
   * expired.
   *
   * @throws TokenForgedError, UnknownKeyError
   */
  async inspect(token: unknown): Promise<TokenFacts> {
    const { id, keyId, claims } = await this.#open(token);
    const { name, generation, ...facts } = claims;
    return { id, keyId, className: name, ...facts };
  }

  /**
   * Revokes one token. Capabilities of this process that came from it break with a
   * `TokenRevokedError`, unless they are shared with other tokens.
   *
   * @param token the token, or `{ id }` with its id
   * @throws TokenForgedError, UnknownKeyError for a text that isn't a token
   * @throws StoreError if the store fails. Live capabilities are broken all the same
   */
  async revoke(token: string | { readonly id: string }): Promise<void> {
    const { now } = this.#options;
    const isId = typeof token === "object";
    const { id, expires } = isId ? { id: token.id, expires: undefined } : await this.inspect(token);
    const isIt = ({ tokenId }: TokenOrigin) => tokenId === id;
    this.#live.revoke(isIt);
    const latest = Math.min(expires ?? Number.POSITIVE_INFINITY, this.#latestExpiry());
    await this.#ask(() => this.#store.revokeToken(id, latest, now()));
    // The token may have been unsealed before the store knew.
    this.#live.revoke(isIt);
  }

  /**
   * Revokes all tokens of an owner that were sealed so far. Later ones work. Capabilities of this
   * process that came from them break, as those of {@link revoke} do.
   *
   * @throws StoreError if the store fails. Live capabilities are broken all the same
   * @throws TypeError for an owner that isn't a text
   */
  async revokeOwner(owner: string): Promise<void> {
    checkOptions("revokeOwner()", { owner }, { owner: required(optionRules.text) });
    this.#live.revoke((origin) => origin.owner === owner);
    const { now } = this.#options;
    await this.#ask(() => this.#store.revokeOwner(owner, this.#latestExpiry(), now()));
    // Tokens may have been unsealed before the store knew, and new ones sealed since then.
    const { generation } = await this.#find(undefined, owner);
    this.#live.revoke((origin) => origin.owner === owner && origin.generation < generation);
  }

  /** @param party any value that stands for the one whom the token is opened for */
  async #open(token: unknown, party?: unknown) {
    const { maxTokenSize } = this.#options;
    const decrypted = () => decrypt(this.#keys, token, maxTokenSize);
    const { id, keyId, text } = await this.#ciphers.run(decrypted, party);
    return { id, keyId, ...readClaims(text, id) };
  }

  #checkTime(id: string, { issued, expires }: Claims): void {
    const { now, maxLifetime } = this.#options;
    const end = Math.min(expires, issued + maxLifetime);
    if (now() < end) return;
    throw new TokenExpiredError(`The token ${id} expired at ${new Date(end).toISOString()}.`);
  }

  async #checkRevocations(id: string, { owner, generation }: Claims): Promise<void> {
    const known = await this.#find(id, owner);
    if (known.isRevoked) throw new TokenRevokedError(`The token ${id} was revoked.`);
    if (generation < known.generation) {
      throw new TokenRevokedError(
        `The token ${id} was revoked with the others of its owner ${JSON.stringify(owner)}.`,
      );
    }
  }

  /** The time at which the last of the tokens that exist now expires. */
  #latestExpiry(): number {
    return this.#options.now() + this.#options.maxLifetime;
  }

  #lifetime(expiresIn: number | undefined): number {
    const { maxLifetime } = this.#options;
    const lifetime = expiresIn ?? this.#options.expiresIn;
    if (lifetime > 0 && lifetime <= maxLifetime) return lifetime;
    throw new RangeError(
      `expiresIn is ${lifetime}. It must be over 0, and at most ${maxLifetime}.`,
    );
  }

  #find(id: string | undefined, owner: string | undefined): Promise<Revocations> {
    return this.#ask(() => this.#store.find(id, owner));
  }

  async #ask<T>(use: () => T | PromiseLike<T>): Promise<T> {
    try {
      return await use();
    } catch (error) {
      throw new StoreError("The store of revocations failed.", error);
    }
  }
}

/** A time in whole milliseconds, if it is one. */
function finite(time = Number.POSITIVE_INFINITY): number | undefined {
  return Number.isFinite(time) ? Math.floor(time) : undefined;
}
