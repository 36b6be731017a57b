import { AdmissionError } from "./errors.ts";

/** The number of sessions that a server takes. Every server of the transport packages has these options. */
export interface AdmissionOptions {
  /** Most sessions at a time, those that are being opened included. Default 10,000. */
  maxSessions?: number | undefined;
  /**
   * Most sessions at a time of one address. Clients behind one proxy or network share an address.
   * Default 1,000.
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
  readonly #addresses = new Map<string, number>();
  #size = 0;

  constructor(options: AdmissionOptions = {}) {
    this.#max = options.maxSessions ?? DEFAULT_MAX_SESSIONS;
    this.#maxPerAddress = options.maxSessionsPerAddress ?? DEFAULT_MAX_SESSIONS_PER_ADDRESS;
  }

  /** The number of sessions. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes a place for a session, before its request is looked into any further.
   *
   * @param address the client's address, or `undefined` where it isn't known, which isn't counted
   * @returns what gives the place back, to be called once the connection is gone
   * @throws AdmissionError if there is no place
   */
  enter(address: string | undefined): Leave {
    if (this.#size >= this.#max) throw new AdmissionError("maxSessions", this.#max);
    const ofAddress = address === undefined ? 0 : (this.#addresses.get(address) ?? 0);
    if (ofAddress >= this.#maxPerAddress) {
      throw new AdmissionError("maxSessionsPerAddress", this.#maxPerAddress);
    }
    this.#size++;
    if (address !== undefined) this.#addresses.set(address, ofAddress + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#leave(address);
    };
  }

  #leave(address: string | undefined): void {
    this.#size--;
    if (address === undefined) return;
    const left = this.#addresses.get(address)! - 1;
    if (left > 0) this.#addresses.set(address, left);
    else this.#addresses.delete(address);
  }
}
