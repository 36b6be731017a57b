import { checkOptions } from "@capnweb/core/options";
import { isByReference } from "@capnweb/wire/internal";
import type { Durable } from "./durable.ts";
import { DurableService } from "./durable-service.ts";
import { OFFER_RULES, type OfferOptions } from "./offer-options.ts";
import type { LastArgument } from "./options.ts";
import { SERVICE } from "./service.ts";

/**
 * Lets the client of a session keep durable capabilities: its `KeptCapability` finds the service in
 * the property `$durable` of the main object.
 *
 * @param main the session's main object: a target of its own for each session
 * @returns `main`, whose prototype has the property now
 * @throws TypeError for a main object that isn't a target, or that offers this already, for an
 *   unknown option, and for a wrong value
 *
 * @example
 * ```ts
 * attachWebSocketRpc(server, (request) => {
 *   const user = userOf(request);
 *   return offerDurable(new Api(user), durable, { identity: user, owner: user.id });
 * });
 * ```
 */
export function offerDurable<T extends object, I>(
  main: T,
  durable: Durable<I>,
  ...[options]: LastArgument<OfferOptions<I>>
): T {
  if (!isByReference(main) || SERVICE in main) {
    throw new TypeError(`The main object must be an RpcTarget of its own, without ${SERVICE}.`);
  }
  if (typeof durable?.unseal !== "function") {
    throw new TypeError("offerDurable() takes a Durable after the main object.");
  }
  checkOptions("offerDurable()", options ?? {}, OFFER_RULES);
  const service = new DurableService(durable, options ?? {});
  // An own property of a target can't be reached by a peer.
  const prototype: object = Object.create(Object.getPrototypeOf(main), {
    [SERVICE]: { get: () => service, configurable: true },
  });
  return Object.setPrototypeOf(main, prototype);
}
