import { RpcTarget } from "@capnweb/compat";

/** The main object that the servers of all runtimes offer. */
export class Api extends RpcTarget {
  add(a: number, b: number) {
    return a + b;
  }
  echo(value: unknown) {
    return value;
  }
  list() {
    return [1, 2, 3];
  }
  fail(): never {
    throw new RangeError("failed");
  }
  async call(callback: (value: number) => number | Promise<number>) {
    return (await callback(20)) + 1;
  }
  bytes(chunks: number, size: number) {
    let left = chunks;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(size));
      },
    });
  }
  async sizeOf(stream: ReadableStream<Uint8Array>) {
    const reader = stream.getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return size;
      size += value.byteLength;
    }
  }
}
