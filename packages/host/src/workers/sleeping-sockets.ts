import type { Leave } from "@capnweb/core/server";
import type { RpcHost } from "../host.ts";
import { keptClient } from "./kept-client.ts";
import type { HibernatableState, HibernatableWebSocket } from "./shapes.ts";

/**
 * The WebSockets that have been silent since the object's memory was dropped. They count as
 * sessions, because a client could otherwise open more after each time that the memory is dropped.
 */
export class SleepingSockets {
  readonly #state: HibernatableState;
  readonly #host: RpcHost<any, any>;
  /** Gives the places of the WebSockets back; `undefined` until they are counted. */
  #leaves: Map<HibernatableWebSocket, Leave> | undefined;

  constructor(state: HibernatableState, host: RpcHost<any, any>) {
    this.#state = state;
    this.#host = host;
  }

  /**
   * Counts the WebSockets, once in the life of the memory: before the first request, because only
   * requests need places. An object that is woken by a message doesn't spend the time.
   *
   * @param isAwake true for one that has a place already
   */
  count(isAwake: (socket: HibernatableWebSocket) => boolean): void {
    if (this.#leaves) return;
    this.#leaves = new Map();
    for (const socket of this.#state.getWebSockets() as HibernatableWebSocket[]) {
      const kept = isAwake(socket) ? undefined : keptClient(socket);
      const leave = kept && this.#host.hold(kept.address);
      if (leave) this.#leaves.set(socket, leave);
    }
  }

  /** Gives the place of a WebSocket back, which has woken or is over. */
  end(socket: HibernatableWebSocket): void {
    this.#leaves?.get(socket)?.();
    this.#leaves?.delete(socket);
  }
}
