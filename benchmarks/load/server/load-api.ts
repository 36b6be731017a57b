import { currentCall, type RpcStub, RpcTarget } from "@capnweb/core";

/** A capability for each element of a list, for `map()`. */
class Item extends RpcTarget {
  readonly #number: number;

  constructor(number: number) {
    super();
    this.#number = number;
  }

  price(): number {
    return this.#number * 2;
  }
}

/** A function of a client. */
export type Listener = RpcStub<(number: number) => number>;

/** The main object of the server under load. */
export class LoadApi extends RpcTarget {
  echo(value: Order): Order {
    return value;
  }

  /** Calls a function of the client, one call at a time, and adds up the results. */
  async callBack(listener: Listener, times: number): Promise<number> {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += await listener(i);
    return sum;
  }

  items(count: number): Item[] {
    return Array.from({ length: count }, (_, i) => new Item(i));
  }

  /** A stream of chunks of so many bytes. */
  download(chunks: number, size: number): ReadableStream<Uint8Array> {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if (sent++ < chunks) controller.enqueue(new Uint8Array(size));
        else controller.close();
      },
    });
  }

  /** Reads a stream, and counts its bytes. */
  async upload(stream: ReadableStream<Uint8Array>): Promise<number> {
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.byteLength;
    return bytes;
  }

  /** A stream that stays open after its first chunk, as those of subscriptions do. */
  subscribe(): ReadableStream<string> {
    return new ReadableStream({ start: (controller) => controller.enqueue("subscribed") });
  }

  /** Holds a function of the client until the call is cancelled or its session ends. */
  wait(_listener: Listener): Promise<never> {
    const { signal } = currentCall();
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}

/** The argument of a call: as small as most are. */
export interface Order {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
}
