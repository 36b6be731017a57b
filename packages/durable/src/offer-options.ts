import { type OptionRules, optionRules } from "@capnweb/core/options";
import type { IdentityOption } from "./options.ts";

/** The options of `offerDurable()`: besides these, the identity of the session's client. */
export type OfferOptions<I = undefined> = OfferSettings & IdentityOption<I>;

interface OfferSettings {
  /**
   * The only client that may use the session's tokens: its id, which the server knows before the
   * client calls anything, by a cookie for example. Without one, any client that has a token may
   * use it. `[restore]` gets the audience `$durable:id`, or `$durable`.
   */
  readonly audience?: string | undefined;
  /** The owner of the session's tokens, so that a logout everywhere can revoke them. */
  readonly owner?: string | undefined;
  /** The lifetime of the session's tokens in milliseconds. Default one day. */
  readonly expiresIn?: number | undefined;
  /**
   * Milliseconds for which a client can renew its tokens without deriving its capabilities again.
   * The end is in each token. In a session that has used a token, no new one lasts for longer than
   * that token could be renewed. Default: no limit.
   */
  readonly renewableFor?: number | undefined;
  /**
   * Decides whether the client may have a token for an object that it holds. A token outlives the
   * session, so it gives the client more than the object does. Default: every durable object.
   */
  readonly allow?: ((target: object) => boolean) | undefined;
}

export const OFFER_RULES: OptionRules<OfferOptions> = {
  audience: optionRules.text,
  owner: optionRules.text,
  expiresIn: optionRules.milliseconds,
  renewableFor: optionRules.milliseconds,
  allow: optionRules.function,
  identity: optionRules.any,
};
