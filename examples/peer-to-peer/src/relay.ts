import { currentCall, type RpcStub, RpcTarget } from "@capnweb/core";
import type { Peer } from "./peer.ts";

/** The peers that the relay can introduce, by their names. */
export type Members = Map<string, RpcStub<Peer>>;

/** The relay's main object for one peer. */
export class Relay extends RpcTarget {
  readonly #members: Members;
  readonly #peer: RpcStub<Peer>;
  #name: string | undefined;

  /** @param peer the main object of the peer, which stays the session's */
  constructor(members: Members, peer: RpcStub<Peer>) {
    super();
    this.#members = members;
    this.#peer = peer;
  }

  /** Makes the peer known to the others. */
  join(name: string): void {
    if (this.#name !== undefined) throw new Error(`You have joined as ${this.#name}.`);
    if (this.#members.has(name)) throw new Error(`${name} is here already.`);
    this.#name = name;
    this.#members.set(name, this.#peer);
  }

  /** Introduces another peer. Its calls go through the relay, which needs no code for them. */
  find(name: string): RpcStub<Peer> {
    const peer = this.#members.get(name);
    if (!peer) throw new Error(`${name} isn't here.`);
    return peer.dup();
  }

  /** Resolves once another peer has left, whose capabilities are broken then. */
  untilLeft(name: string): Promise<void> {
    const peer = this.#members.get(name);
    const { signal } = currentCall();
    return new Promise((resolve) => {
      if (!peer) return resolve();
      const stop = peer.onRpcBroken(() => resolve());
      // The caller has left meanwhile, or has disposed of the promise.
      signal.addEventListener("abort", () => stop(), { once: true });
    });
  }

  /** Runs once the peer has left. */
  [Symbol.dispose](): void {
    if (this.#name !== undefined) this.#members.delete(this.#name);
  }
}
