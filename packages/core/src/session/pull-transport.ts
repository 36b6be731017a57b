import type { EncodingLevel } from "@capnweb/wire";
import type { AnyRpcTransport, Transport, TransportReceiver } from "../transport.ts";

/** The session, as a pull-style transport sees it. */
export interface PullReceiver extends TransportReceiver {
  /**
   * Notes that the transport failed, without saying whether its peer is gone. The session tells the
   * peer why it ends, if the transport still sends, and closes the transport.
   */
  fail(reason: unknown): void;
}

/** Adapts a pull-style transport to the push style. */
export class PullTransport implements Transport {
  readonly encodingLevel: EncodingLevel;
  readonly #transport: AnyRpcTransport;
  #receiver: PullReceiver | undefined;

  constructor(transport: AnyRpcTransport) {
    this.#transport = transport;
    this.encodingLevel = transport.encodingLevel ?? "string";
  }

  start(receiver: PullReceiver): void {
    this.#receiver = receiver;
    void this.#pump(receiver);
  }

  send(message: unknown): number | void {
    const transport = this.#transport as { send(message: unknown): unknown };
    const result = transport.send(message);
    if (typeof result === "number") return result;
    if (result instanceof Promise) result.catch((error: unknown) => this.#receiver?.fail(error));
  }

  /**
   * @returns the result of the transport's own `abort`. If it is a promise that rejects, the
   *   rejection is reported
   */
  abort(reason: unknown): unknown {
    this.#receiver = undefined;
    return this.#transport.abort?.(reason);
  }

  async #pump(receiver: PullReceiver): Promise<void> {
    try {
      while (this.#receiver) {
        const message = await this.#transport.receive();
        if (this.#receiver) receiver.receive(message);
      }
    } catch (error) {
      receiver.fail(error);
    }
  }
}
