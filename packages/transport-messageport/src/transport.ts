import type { Transport, TransportReceiver } from "@capnweb/core";
import { CodedError } from "@capnweb/wire/coded";
import { type Holdable, listen, type MessagePortLike } from "./port.ts";

/** The other end of the port is gone, or sent a message that can't be cloned here. */
export class MessagePortClosedError extends CodedError {
  /** The same for every error of this class. */
  get code(): "MESSAGE_PORT_CLOSED" {
    return "MESSAGE_PORT_CLOSED";
  }
}

/**
 * Carries a session's messages as structured clones; `null` says that the sender closes. Owns a
 * port, and closes it when the session ends. It doesn't terminate a worker, which may have other
 * things to do.
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
  #holdable: Holdable | undefined;

  /** @param port a port, or a worker; the transport owns a port */
  constructor(port: MessagePortLike) {
    this.#port = port;
  }

  start(receiver: TransportReceiver): void {
    const port = this.#port;
    const closed = (message: string, cause?: unknown) => {
      const options = cause === undefined ? undefined : { cause };
      this.#stop();
      receiver.close(new MessagePortClosedError(message, options));
    };
    this.#holdable = listen(port, {
      message(data) {
        if (data !== null) {
          receiver.receive(data);
          return;
        }
        closed("Peer closed MessagePort connection.");
        // An open port keeps a worker of Node running.
        port.close?.();
      },
      closed,
    });
  }

  /** Makes a port of Node keep its messages, so that the thread's other sessions get a turn. */
  pause(): void {
    this.#holdable?.pause();
  }

  resume(): void {
    this.#holdable?.resume();
  }

  /**
   * Stops receiving. Node 22 and 24 deliver everything that waits in a port, even if it is closed.
   */
  #stop(): void {
    this.#holdable?.pause();
    this.#holdable = undefined;
  }

  send(message: unknown): void {
    this.#port.postMessage(message);
  }

  abort(): void {
    this.#stop();
    try {
      this.#port.postMessage(null);
    } finally {
      this.#port.close?.();
    }
  }
}
