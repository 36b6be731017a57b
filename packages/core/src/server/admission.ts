import { AdmissionError } from "./errors.ts";
import { networkOf } from "./network.ts";

/**
 * The number of sessions that a server accepts. Every server of the transport packages has these
 * options.
 */
export interface AdmissionOptions {
  /** Most concurrent sessions, including those that are being opened. Default 10,000. */
  maxSessions?: number | undefined;
  /**
   * Most concurrent sessions of one address. Clients behind one proxy or network share an address.
   * IPv6 addresses count by their network, the first 64 bits. Default 1,000.
   */
  maxSessionsPerAddress?: number | undefined;
}

const DEFAULT_MAX_SESSIONS = 10_000;
const DEFAULT_MAX_SESSIONS_PER_ADDRESS = 1_000;

/** Gives a session's place back. Idempotent. */
export type Leave = () => void;

/**
 * Counts the sessions of one server.
 *
 * @example
 * ```ts
 * const admission = new Admission({ maxSessions: 100 });
 * const leave = admission.enter(socket.remoteAddress);
 * socket.once("close", leave);
 * ```
 */
export class Admission {
  readonly #max: number;
  readonly #maxPerAddress: number;
  /** The number of sessions of each network. */
  readonly #networks = new Map<string, number>();
  #size = 0;

  /** @param options the numbers of sessions */
  constructor(options: AdmissionOptions = {}) {
    this.#max = options.maxSessions ?? DEFAULT_MAX_SESSIONS;
    this.#maxPerAddress = options.maxSessionsPerAddress ?? DEFAULT_MAX_SESSIONS_PER_ADDRESS;
  }

  /** The number of sessions. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes a place for a session, before its request is examined further.
   *
   * @param address the client's address, or `undefined` if it isn't known, and so isn't counted
   * @returns a function that gives the place back. Call it once the connection is gone
   * @throws AdmissionError if there is no place
   */
  enter(address: string | undefined): Leave {
    if (this.#size >= this.#max) throw new AdmissionError("maxSessions", this.#max);
    const network = networkOf(address);
    const ofNetwork = network === undefined ? 0 : (this.#networks.get(network) ?? 0);
    if (ofNetwork >= this.#maxPerAddress) {
      throw new AdmissionError("maxSessionsPerAddress", this.#maxPerAddress);
    }
    this.#size++;
    if (network !== undefined) this.#networks.set(network, ofNetwork + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#leave(network);
    };
  }

  #leave(network: string | undefined): void {
    this.#size--;
    if (network === undefined) return;
    const left = this.#networks.get(network)! - 1;
    if (left > 0) this.#networks.set(network, left);
    else this.#networks.delete(network);
  }
}
