import type { Transport, TransportReceiver } from "@capnweb/core";

/** As much of a `MessagePort` as a transport needs; a `Worker`, or Node's port, has it too. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: any, listener: (event: any) => void): void;
  /** Ports hold messages back until started; workers don't. */
  start?(): void;
  close?(): void;
}

/** The other end of the port is gone, or sent what can't be cloned here. */
export class MessagePortClosedError extends Error {
  /** The same for every error of this class. */
  get code(): "MESSAGE_PORT_CLOSED" {
    return "MESSAGE_PORT_CLOSED";
  }
}

/**
 * A session's messages as structured clones; `null` says that the sender closes. Owns the port: it is
 * closed when the session ends.
 *
 * @example
 * ```ts
 * const session = new RpcSession<Api>(new MessagePortTransport(port));
 * console.log(session.getStats());
 * ```
 */
export class MessagePortTransport implements Transport {
  readonly encodingLevel = "structuredClonable";
  readonly #port: MessagePortLike;

  constructor(port: MessagePortLike) {
    this.#port = port;
  }

  start(receiver: TransportReceiver): void {
    const port = this.#port;
    port.addEventListener("message", ({ data }: { data: unknown }) => {
      if (data !== null) receiver.receive(data);
      else receiver.close(new MessagePortClosedError("Peer closed MessagePort connection."));
    });
    port.addEventListener("messageerror", () => {
      receiver.close(new MessagePortClosedError("MessagePort message error."));
    });
    // Node, and newer browsers, say so when the other end is gone.
    port.addEventListener("close", () => {
      receiver.close(new MessagePortClosedError("The MessagePort was closed."));
    });
    port.start?.();
  }

  send(message: unknown): void {
    this.#port.postMessage(message);
  }

  abort(): void {
    try {
      this.#port.postMessage(null);
    } finally {
      this.#port.close?.();
    }
  }
}
