/** A class that an application's main object may extend: the `RpcTarget` of the tested package. */
type Base = new (...args: any[]) => object;

/**
 * Makes the class of the main object that the servers of tests have, over every transport and in
 * every runtime. Its instances add their end to the list that they are given. Tests that need
 * another method extend it.
 *
 * @param RpcTarget the class of the package under test, because this file imports none
 */
export function createApi<B extends Base>(RpcTarget: B) {
  class Item extends RpcTarget {
    readonly #id: number;
    constructor(...args: any[]) {
      super();
      this.#id = args[0];
    }
    name() {
      return `item ${this.#id}`;
    }
  }

  class Api extends RpcTarget {
    // Private, so that it can't be reached from outside.
    readonly #disposed: string[];
    constructor(...args: any[]) {
      super();
      this.#disposed = args[0] ?? [];
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
    numbers(count: number) {
      return Array.from({ length: count }, (_, i) => i);
    }
    item(id: number) {
      return new Item(id);
    }
    text(length: number) {
      return "x".repeat(length);
    }
    fail(): never {
      throw new RangeError("failed");
    }
    async call(callback: (value: any) => unknown, value?: unknown): Promise<any> {
      return await callback(value);
    }
    never() {
      return new Promise<never>(() => {});
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

  return Api as unknown as new (
    disposed?: string[],
  ) => InstanceType<typeof Api> & InstanceType<B>;
}
