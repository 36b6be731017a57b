import { MessageChannel, type MessagePort, parentPort } from "node:worker_threads";
import {
  type Connection,
  type ConnectionEvents,
  Native,
  type Open,
  type Sendable,
} from "./connection.ts";

/** The server's ends of a connection. */
export interface ServerPorts {
  /** The session's own port. */
  readonly port: MessagePort;
  /**
   * The port on which the server's thread counts the messages that it took. Ports have no flow
   * control.
   */
  readonly taken: MessagePort;
}

/** Hands ports to the server. In a thread, asks the main thread to do so. */
let connect = (ports: ServerPorts) => {
  parentPort!.postMessage({ connect: ports }, [ports.port, ports.taken]);
};

/** Sets the function that hands ports to the server. Called in the main thread. */
export function connectPortsWith(handOver: (ports: ServerPorts) => void): void {
  connect = handOver;
}

/** Opens a port to the server's thread. */
export const openPort: Open = async (_target, events, { signal }) => {
  signal.throwIfAborted();
  const messages = new MessageChannel();
  const taken = new MessageChannel();
  const connection = new PortConnection(messages.port1, taken.port1, events, signal);
  connect({ port: messages.port2, taken: taken.port2 });
  return connection;
};

/** Bytes that a message counts besides its text, because values take more memory than text. */
const OVERHEAD = 200;

class PortConnection implements Connection {
  readonly #port: MessagePort;
  readonly #taken: MessagePort;
  isOpen = true;
  bufferedAmount = 0;
  /** The sizes of the messages that the server hasn't taken, from `#first` on. */
  #sizes: number[] = [];
  #first = 0;

  constructor(
    port: MessagePort,
    taken: MessagePort,
    events: ConnectionEvents,
    signal: AbortSignal,
  ) {
    this.#port = port;
    this.#taken = taken;
    const terminate = () => this.terminate();
    signal.addEventListener("abort", terminate, { once: true });
    let way = "closed";
    port.on("message", (message) => {
      if (message === null) {
        way = "closed with a word";
        this.terminate();
        return;
      }
      const text = textOf(message);
      events.message(text, text?.length ?? 0);
    });
    port.once("close", () => {
      this.isOpen = false;
      this.#taken.close();
      signal.removeEventListener("abort", terminate);
      events.closed(way);
    });
    taken.on("message", (count: number) => this.#took(count));
  }

  #took(count: number): void {
    for (let i = 0; i < count; i++) this.bufferedAmount -= this.#sizes[this.#first++] ?? 0;
    if (2 * this.#first < this.#sizes.length) return;
    this.#sizes = this.#sizes.slice(this.#first);
    this.#first = 0;
  }

  send(message: Sendable): void {
    const size = OVERHEAD + (message instanceof Native ? 0 : message.length);
    this.#sizes.push(size);
    this.bufferedAmount += size;
    try {
      this.#port.postMessage(cloneable(message));
    } catch {
      // The message is too deep to be cloned.
      this.#port.postMessage(message instanceof Native ? "" : message);
    }
  }

  terminate(): void {
    this.isOpen = false;
    this.#port.close();
  }
}

/** The form in which a port carries a message. Text that isn't JSON is sent unchanged. */
function cloneable(message: Sendable): unknown {
  if (message instanceof Native) return message.value;
  if (typeof message !== "string") return message;
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}

/** A message as text. Values that JSON lacks are left out or turned into text. */
function textOf(message: unknown): string | undefined {
  try {
    return JSON.stringify(message, (_key, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
  } catch {
    return undefined;
  }
}
