import { RpcTarget } from "@capnweb/core";

/** The actions on a page's connection that its server offers. */
export interface Ends {
  /** Ends the session from this side. */
  end(): void;
  /** Breaks the connection. */
  cut(): void;
  /** Stops the peer's end of the connection without telling it. */
  stop(): void;
  /** Notes that the main object was disposed of. */
  disposed(): void;
}

export class Api extends RpcTarget {
  readonly #ends: Ends;

  constructor(ends: Ends) {
    super();
    this.#ends = ends;
  }

  add(a: number, b: number) {
    return a + b;
  }
  echo(value: unknown) {
    return value;
  }
  list() {
    return [1, 2, 3];
  }
  item(id: number) {
    return new Item(id);
  }
  fail(): never {
    throw new RangeError("failed");
  }
  never() {
    return new Promise<never>(() => {});
  }
  async call(callback: (value: number) => number | Promise<number>, value: number) {
    return (await callback(value)) + 1;
  }
  stream(chunks: number, size: number) {
    let left = chunks;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(size));
      },
    });
  }
  async sizeOf(stream: ReadableStream<Uint8Array>) {
    let size = 0;
    const reader = stream.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
    }
    return size;
  }
  end() {
    this.#ends.end();
  }
  cut() {
    this.#ends.cut();
  }
  stop() {
    this.#ends.stop();
  }
  [Symbol.dispose]() {
    this.#ends.disposed();
  }
}

class Item extends RpcTarget {
  readonly #id: number;

  constructor(id: number) {
    super();
    this.#id = id;
  }
  name() {
    return `item ${this.#id}`;
  }
}
