import { RpcError, type RpcStub, RpcTarget } from "@capnweb/core";
import { targetOf } from "@capnweb/core/server";
import type { Durable } from "./durable.ts";
import {
  DurableError,
  RestoreBusyError,
  RestoreError,
  StoreError,
  UnsealableError,
} from "./errors.ts";
import { Limiter } from "./limiter.ts";
import type { OfferOptions } from "./offer-options.ts";
import { type OfferedToken, REFUSED, SERVICE, UNAVAILABLE } from "./service.ts";

/** The lifetime of tokens for clients, unless the server sets another: a day, in milliseconds. */
const LIFETIME = 24 * 60 * 60 * 1000;
/** The most tokens of one session that are handled at once, and that wait. */
const MAX_RUNNING = 8;
const MAX_WAITING = 256;

/** The capability that seals and unseals for one client. */
export class DurableService extends RpcTarget {
  readonly #durable: Durable<any>;
  readonly #options: OfferOptions<any>;
  /** Never that of a token which the application has sealed for another purpose. */
  readonly #audience: string;
  /** The end of the renewals of the tokens that were used in the session. */
  #renewableUntil = Number.POSITIVE_INFINITY;
  readonly #limiter = new Limiter(
    MAX_RUNNING,
    MAX_WAITING,
    () => new RestoreBusyError(`A session has ${MAX_WAITING} tokens waiting.`),
  );

  constructor(durable: Durable<any>, options: OfferOptions<any>) {
    super();
    this.#durable = durable;
    this.#options = options;
    const { audience } = options;
    this.#audience = audience === undefined ? SERVICE : `${SERVICE}:${audience}`;
  }

  /** @returns `undefined` if the client can't have a token for this capability */
  async seal(capability: RpcStub<any>): Promise<OfferedToken | undefined> {
    const { owner, allow, expiresIn: lifetime = LIFETIME, renewableFor = Infinity } = this.#options;
    const audience = this.#audience;
    const target = targetOf(capability);
    if (!target || allow?.(target) === false) return undefined;
    const { now } = this.#durable;
    const renewableUntil = Math.min(this.#renewableUntil, now + renewableFor);
    const expiresIn = Math.min(lifetime, renewableUntil - now);
    if (expiresIn <= 0) return undefined;
    try {
      const token = await this.#limiter.run(() =>
        this.#durable.seal(target, { owner, audience, expiresIn, renewableUntil }),
      );
      return { token, expiresIn };
    } catch (error) {
      if (error instanceof UnsealableError) return undefined;
      throw forClient(error);
    }
  }

  async unseal(token: unknown): Promise<RpcStub<any>> {
    try {
      return await this.#limiter.run(() => this.#unseal(token));
    } catch (error) {
      throw forClient(error);
    }
  }

  async #unseal(token: unknown): Promise<RpcStub<any>> {
    const { identity, renewableFor } = this.#options;
    const stub = await this.#durable.unseal(token, { audience: this.#audience, identity });
    if (renewableFor === undefined) return stub;
    // Noted before the client has the capability. It may be a way to others, so it counts for all.
    const { issued, renewableUntil = issued + renewableFor } = await this.#durable.inspect(token);
    this.#renewableUntil = Math.min(this.#renewableUntil, renewableUntil);
    return stub;
  }
}

/** The error that a client gets: only whether another attempt makes sense. */
function forClient(error: unknown): unknown {
  if (!(error instanceof DurableError)) return error;
  const isTemporary = [RestoreError, RestoreBusyError, StoreError].some(
    (each) => error instanceof each,
  );
  const code = isTemporary ? UNAVAILABLE : REFUSED;
  return new RpcError(error.message, { code });
}
