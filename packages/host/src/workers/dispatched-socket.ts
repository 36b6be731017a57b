import type { WebSocketLike } from "@capnweb/transport-ws";
import type { HibernatableWebSocket } from "./shapes.ts";

type EventName = "open" | "message" | "close" | "error";

/** A hibernatable WebSocket, whose events the Durable Object's methods hand in. */
export class DispatchedSocket implements WebSocketLike {
  readonly #socket: HibernatableWebSocket;
  readonly #listeners = new Map<EventName, ((event: any) => void)[]>();

  constructor(socket: HibernatableWebSocket) {
    this.#socket = socket;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  addEventListener(type: EventName, listener: (event: any) => void): void {
    const listeners = this.#listeners.get(type) ?? [];
    listeners.push(listener);
    this.#listeners.set(type, listeners);
  }

  dispatch(type: EventName, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}
