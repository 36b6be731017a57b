import { expect, test } from "vitest";
import { RpcSession, type RpcSessionOptions, RpcTarget } from "../src/index.ts";
import { settle } from "./support/pair.ts";

/** A transport that encodes messages itself, as `capnweb` defines it, and returns their sizes. */
class SizedEnd {
  readonly encodingLevel = "jsonCompatible";
  peer!: SizedEnd;
  readonly #sizeOf: (message: any) => number | undefined;
  readonly #queue: unknown[] = [];
  #wake: (() => void) | undefined;

  constructor(sizeOf: (message: any) => number | undefined) {
    this.#sizeOf = sizeOf;
  }
  send(message: unknown): number | void {
    this.peer.#queue.push(structuredClone(message));
    this.peer.#wake?.();
    return this.#sizeOf(message);
  }
  async receive() {
    while (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#queue.shift();
  }
}

/** The number of small writes, of ten, that are taken before the first is acknowledged. */
async function taken(sizeOf: (message: any) => number | undefined, options: RpcSessionOptions) {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const got: unknown[] = [];
  class Main extends RpcTarget {
    sink() {
      return new WritableStream({
        async write(chunk) {
          await gate;
          got.push(chunk);
        },
      });
    }
  }
  const near = new SizedEnd(sizeOf);
  const far = new SizedEnd(() => undefined);
  near.peer = far;
  far.peer = near;
  new RpcSession(far, new Main(), options);
  const api: any = new RpcSession<any>(near, undefined, options).getRemoteMain();
  const writer = (await api.sink()).getWriter();
  let writes = 0;
  const all = (async () => {
    for (let i = 0; i < 10; i++) {
      await writer.write(i);
      writes++;
    }
    await writer.close();
  })();
  await settle(20);
  const before = writes;
  open();
  await all;
  expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  return before;
}

const isWrite = (message: any) => message[0] === "stream" && message[1][2]?.[0] === "write";

test.each([
  ["to a peer that announces extensions", {}],
  ["without extensions", { announce: false }],
])("the size that a transport's send() returns fills the window, %s", async (_peer, options) => {
  // The initial window is 256 KiB, and the write that fills it is the one that waits.
  expect(await taken((m) => (isWrite(m) ? 1024 * 1024 : 1), options)).toBe(0);
  expect(await taken((m) => (isWrite(m) ? 100 * 1024 : 1), options)).toBe(2);
  expect(await taken((m) => (isWrite(m) ? 0 : 1024 * 1024), options)).toBe(10);
  // Without a size, an estimate counts.
  expect(await taken(() => undefined, options)).toBe(10);
});
