import type { EncodingLevel } from "@capnweb/wire";
import type { AnyRpcTransport, Transport, TransportReceiver } from "../transport.ts";

/** A pull-style transport as a push-style one. */
export class PullTransport implements Transport {
  readonly encodingLevel: EncodingLevel;
  readonly #transport: AnyRpcTransport;
  #receiver: TransportReceiver | undefined;

  constructor(transport: AnyRpcTransport) {
    this.#transport = transport;
    this.encodingLevel = transport.encodingLevel ?? "string";
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    void this.#pump(receiver);
  }

  send(message: unknown): number | void {
    const transport = this.#transport as { send(message: unknown): unknown };
    const result = transport.send(message);
    if (typeof result === "number") return result;
    if (result instanceof Promise) result.catch((error: unknown) => this.#receiver?.close(error));
  }

  /** @returns what the transport's own does: a promise that rejects, maybe, which is reported */
  abort(reason: unknown): unknown {
    this.#receiver = undefined;
    return this.#transport.abort?.(reason);
  }

  async #pump(receiver: TransportReceiver): Promise<void> {
    try {
      while (this.#receiver) {
        const message = await this.#transport.receive();
        if (this.#receiver) receiver.receive(message);
      }
    } catch (error) {
      receiver.close(error);
    }
  }
}
