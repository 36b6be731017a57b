/**
 * Capabilities as durable links: tokens that outlive sessions and processes.
 *
 * @packageDocumentation
 */

export { Durable, type TokenFacts } from "./durable.ts";
export {
  type DurableClass,
  type DurableTarget,
  type RestoreContext,
  restore,
  restoreParams,
  shareKey,
} from "./durable-class.ts";
export {
  AudienceError,
  DurableError,
  RestoreBusyError,
  RestoreError,
  StoreError,
  TokenError,
  TokenExpiredError,
  TokenForgedError,
  TokenRevokedError,
  UnknownClassError,
  UnknownKeyError,
  UnsealableError,
} from "./errors.ts";
export { type CryptoKeyLike, type DurableKey, generateSecret, KeyRing } from "./key-ring.ts";
export { MemoryRevocationStore } from "./memory-store.ts";
export { offerDurable } from "./offer.ts";
export type { OfferOptions } from "./offer-options.ts";
export type {
  DurableOptions,
  IdentityOption,
  LastArgument,
  SealOptions,
  UnsealOptions,
} from "./options.ts";
export type { RevocationStore, Revocations } from "./revocation-store.ts";
export type { OfferedToken } from "./service.ts";
