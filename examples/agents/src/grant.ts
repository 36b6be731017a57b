import { breakStub, RpcError, type RpcTarget } from "@capnweb/core";

/** Limits of a grant. A limit that is left out is that of the grant that it was made from. */
export interface Limits {
  /** The number of uses. */
  readonly budget?: number | undefined;
  /** Milliseconds until the grant ends. */
  readonly expiresIn?: number | undefined;
  readonly readOnly?: boolean | undefined;
}

const MOST_GRANTS = 100;
const DEEPEST = 8;
const LONGEST_TIME = 24 * 60 * 60 * 1000;

/**
 * The right of one holder, within that of the holder that made it. It ends with the latter, and
 * its uses count for both, so that no number of grants gives more than one did.
 */
export class Grant {
  static #lastId = 0;
  readonly id = ++Grant.#lastId;
  /** The holders, from the user on. */
  readonly who: string;
  readonly readOnly: boolean;
  readonly #parent: Grant | undefined;
  readonly #depth: number;
  readonly #grants = new Set<Grant>();
  readonly #capabilities = new Set<RpcTarget>();
  readonly #timer: NodeJS.Timeout | undefined;
  #left: number;
  #end: RpcError | undefined;

  /**
   * @param holder a name for the audit log
   * @throws RpcError if a limit is invalid, or if there are too many grants
   */
  constructor(holder: string, { budget, expiresIn, readOnly }: Limits, parent?: Grant) {
    this.who = parent ? `${parent.who} > ${holder}` : holder;
    this.readOnly = (parent?.readOnly ?? false) || Boolean(readOnly);
    this.#left = positive("budget", budget ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    const time =
      expiresIn === undefined ? undefined : positive("expiresIn", expiresIn, LONGEST_TIME);
    this.#parent = parent;
    this.#depth = parent ? parent.#depth + 1 : 0;
    if (parent) parent.#add(this);
    if (time !== undefined) {
      const end = new RpcError("The grant has expired.", { code: "EXPIRED" });
      this.#timer = setTimeout(() => this.end(end), time);
      this.#timer.unref();
    }
  }

  /** The uses that are left, those of the grants above included. */
  get left(): number {
    return Math.min(this.#left, this.#parent?.left ?? this.#left);
  }

  /** Takes one use. Throws an RpcError if the grant doesn't allow it. */
  use(isWrite: boolean): void {
    if (this.#end) throw this.#end;
    if (isWrite && this.readOnly) {
      throw new RpcError("The grant is for reading only.", { code: "READ_ONLY" });
    }
    if (this.left === 0) throw new RpcError("The budget is spent.", { code: "BUDGET" });
    for (let grant: Grant | undefined = this; grant; grant = grant.#parent) grant.#left--;
  }

  /** Has a capability end with the grant, at once if that has ended. */
  cover(capability: RpcTarget): void {
    if (this.#end) breakStub(capability, this.#end);
    else this.#capabilities.add(capability);
  }

  /** Forgets a capability that its holder has disposed of. */
  release(capability: RpcTarget): void {
    this.#capabilities.delete(capability);
  }

  /** Ends the grant, and those made from it. Their holders are told. */
  end(reason: RpcError = new RpcError("The grant was revoked.", { code: "REVOKED" })): void {
    if (this.#end) return;
    this.#end = reason;
    clearTimeout(this.#timer);
    if (this.#parent) this.#parent.#grants.delete(this);
    for (const grant of this.#grants) grant.end(reason);
    for (const capability of this.#capabilities) breakStub(capability, reason);
  }

  #add(grant: Grant): void {
    if (this.#end) throw this.#end;
    if (grant.#depth > DEEPEST) {
      throw new RpcError(`A grant has up to ${DEEPEST} holders.`, { code: "FULL" });
    }
    if (this.#grants.size >= MOST_GRANTS) {
      throw new RpcError(`You have ${MOST_GRANTS} grants. Revoke some first.`, { code: "FULL" });
    }
    this.#grants.add(grant);
  }
}

function positive(name: string, value: unknown, most: number): number {
  if (Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= most) {
    return Number(value);
  }
  throw new RpcError(`${name} must be an integer from 1 to ${most}.`, { code: "INVALID" });
}
