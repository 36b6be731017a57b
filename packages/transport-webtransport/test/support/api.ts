import { RpcTarget } from "@capnweb/core";

/** The main object that the servers of these tests offer. */
export class Api extends RpcTarget {
  // Private, so that nothing of it can be reached from outside.
  readonly #disposed: string[];
  constructor(disposed: string[] = []) {
    super();
    this.#disposed = disposed;
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
  async call(callback: (value: number) => number | Promise<number>, value: number) {
    return await callback(value);
  }
  never() {
    return new Promise<never>(() => {});
  }
  big(size: number) {
    return "x".repeat(size);
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
  [Symbol.dispose]() {
    this.#disposed.push("main");
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
