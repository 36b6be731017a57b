import { HttpBatchError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { NodeHttpRequest, NodeHttpResponse, NodeSocket } from "./node-types.ts";

/** An {@link Exchange} over `node:http`, which lasts until its response has left. */
export class NodeExchange {
  readonly #exchange: Exchange;
  readonly #response: NodeHttpResponse;
  readonly #socket: NodeSocket | undefined;
  #isAnswered = false;
  readonly #onClose = () => this.#close();

  constructor(exchange: Exchange, { socket }: NodeHttpRequest, response: NodeHttpResponse) {
    this.#exchange = exchange;
    this.#response = response;
    response.once("close", this.#onClose);
    // A response that waits for an earlier one on its connection isn't told of the connection's
    // end.
    if (response.socket === null && socket) {
      this.#socket = socket;
      // Many responses may wait on one connection, and Node would warn of a leak.
      socket.setMaxListeners?.(0);
      socket.on("close", this.#onClose);
    }
    if (response.destroyed || (this.#socket && socket?.destroyed)) this.#close();
  }

  /** Marks the response as leaving. A client that doesn't read it in time is disconnected. */
  respond(): void {
    this.#isAnswered = true;
    this.#exchange.respond(() => this.#response.destroy?.());
  }

  end(): void {
    this.#socket?.off("close", this.#onClose);
    this.#exchange.end();
  }

  #close(): void {
    // A response of HTTP/2 claims to be finished even if the client has reset it.
    if (!this.#isAnswered || !this.#response.writableFinished) {
      this.#exchange.interrupt(new HttpBatchError("DISCONNECTED", "The client went away."));
    }
    this.end();
  }
}
