import type { ValueType } from "@capnweb/wire";
import type { DurableClass } from "./durable-class.ts";
import type { KeyRing } from "./key-ring.ts";
import type { RevocationStore } from "./revocation-store.ts";

/** The options of a `Durable`. */
export interface DurableOptions<I = undefined> {
  /**
   * The durable classes, by the names that stand for them in tokens. Never change a name while
   * tokens with it are in use. To rename a class, list it twice: first under its new name, under
   * which it is sealed from then on.
   */
  readonly classes: Readonly<Record<string, DurableClass<I>>>;
  /** The keys. All processes that unseal each other's tokens have the same. */
  readonly keys: KeyRing;
  /** Remembers revocations. Default: a `MemoryRevocationStore`, which forgets them at a restart. */
  readonly store?: RevocationStore | undefined;
  /** The lifetime of a token in milliseconds, unless `seal()` is told. Default 30 days. */
  readonly expiresIn?: number | undefined;
  /**
   * The longest lifetime of any token in milliseconds; `Infinity` for none. Tokens that have lasted
   * for longer are refused, whatever they say. Stores keep revocations for this long. Default 365
   * days.
   */
  readonly maxLifetime?: number | undefined;
  /** The longest token, in characters. Default 4,096. */
  readonly maxTokenSize?: number | undefined;
  /** The most durable objects in the params of one, directly and indirectly. Default 16. */
  readonly maxNested?: number | undefined;
  /**
   * The most calls of `[restore]` that run at once. Those of one owner have at most half of the
   * places that others leave. Default 64.
   */
  readonly maxRestores?: number | undefined;
  /**
   * The most calls of `[restore]` that wait for others. Those of different owners are served in
   * turn, and the owner with the most of them is refused first. A token without an owner counts for
   * the identity that uses it, or else for its audience. Default 1,024.
   */
  readonly maxWaitingRestores?: number | undefined;
  /**
   * Milliseconds after which an unsealing is given up: its `[restore]`, those of the objects in its
   * params, and the time that they wait. Default 30,000.
   */
  readonly restoreTimeout?: number | undefined;
  /** The application's own value types, for params. Default: none. */
  readonly types?: readonly ValueType[] | undefined;
  /** The current time in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The options of `seal()`. */
export interface SealOptions {
  /**
   * The user, tenant or device that the token belongs to, so that all of its tokens can be revoked
   * at once. It is readable only with the key.
   */
  readonly owner?: string | undefined;
  /**
   * The only audience that may use the token: a user's id, or the name of a purpose. `unseal()`
   * must name the same. A token without one works only where `unseal()` names none.
   */
  readonly audience?: string | undefined;
  /** The token's lifetime in milliseconds. `Infinity` needs a `maxLifetime` of `Infinity`. */
  readonly expiresIn?: number | undefined;
  /**
   * The time, in milliseconds since 1970, until which the server will seal the capability again for
   * the holder of the token. The token only carries it: `inspect()` returns it. Default: none.
   */
  readonly renewableUntil?: number | undefined;
}

/** The options of `unseal()`. */
export type UnsealOptions<I = undefined> = {
  /**
   * The audience that uses the token: the user that the application has authorized, or the purpose.
   * It must be equal to the token's, or absent as the token's is.
   */
  readonly audience?: string | undefined;
} & IdentityOption<I>;

/**
 * The identity for the class's `[restore]`, which decides whether it may have the object. Required
 * if the classes need one.
 */
export type IdentityOption<I> = undefined extends I
  ? { readonly identity?: I | undefined }
  : { readonly identity: I };

/** The last argument of a function, which may be left out if all of its members may. */
export type LastArgument<T> = object extends T ? [options?: T] : [options: T];

const DAY = 24 * 60 * 60 * 1000;

/** Fills in the defaults. */
export function withDefaults(options: DurableOptions<any>) {
  const { expiresIn, maxLifetime = 365 * DAY } = options;
  return {
    expiresIn: expiresIn ?? Math.min(30 * DAY, maxLifetime),
    maxLifetime,
    maxTokenSize: options.maxTokenSize ?? 4_096,
    maxNested: options.maxNested ?? 16,
    maxRestores: options.maxRestores ?? 64,
    maxWaitingRestores: options.maxWaitingRestores ?? 1_024,
    restoreTimeout: options.restoreTimeout ?? 30_000,
    now: options.now ?? Date.now,
  };
}
