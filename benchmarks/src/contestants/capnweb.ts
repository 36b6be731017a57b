// The part that ours and the reference share: the names of their exports. Both are seen through one
// untyped view.
import { WebSocket } from "ws";
import {
  CHUNK_SIZE,
  type Client,
  type Contestant,
  type Held,
  streamedObject,
} from "./contestant.ts";
import { Gate } from "./gate.ts";
import { createPullLink } from "./memory-link.ts";
import { closed, httpUrl, openSocket, serveRequests, serveSockets } from "./network.ts";

/** The exports of an implementation of Cap'n Web. */
export type Implementation = any;

/**
 * @param createLink makes the two ends of an in-memory link
 * @param options the options of the client's sessions over WebSockets
 * @param everywhere options of all sessions
 */
export function capnwebContestant(
  implementation: Implementation,
  createLink: () => readonly [unknown, unknown] = createPullLink,
  options?: object,
  everywhere?: object,
): Contestant {
  // The reference reads constants of the global class, which Node 20 doesn't have.
  (globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;
  const Api = defineApi(implementation);
  const clientOptions = { ...everywhere, ...options };
  return {
    serveWebSocket: () =>
      serveSockets((socket) => {
        implementation.newWebSocketRpcSession(socket, new Api(), everywhere);
      }),
    async connectWebSocket(port) {
      const socket = openSocket(port);
      const api = implementation.newWebSocketRpcSession(socket, undefined, clientOptions);
      return clientOf(api, () => closed(socket, () => api[Symbol.dispose]()));
    },
    serveHttp: () =>
      serveRequests((request, response) => {
        implementation.nodeHttpBatchRpcResponse(request, response, new Api(), everywhere);
      }),
    async connectHttp(port) {
      const start = () => implementation.newHttpBatchRpcSession(httpUrl(port), everywhere);
      return {
        echo: (value) => start().echo(value),
        batch(values) {
          const api = start();
          return Promise.all(values.map((value) => api.echo(value)));
        },
        async close() {},
      };
    },
    async connectInMemory() {
      const [a, b] = createLink();
      new implementation.RpcSession(b, new Api(), everywhere);
      const api = new implementation.RpcSession(a, undefined, everywhere).getRemoteMain();
      return clientOf(api, async () => api[Symbol.dispose]());
    },
    alone: async () => ({
      echo: async (value) => value,
      serialize: implementation.serialize,
      deserialize: implementation.deserialize,
      async close() {},
    }),
  };
}

function clientOf(api: any, close: () => Promise<void>): Client {
  return {
    echo: (value) => api.echo(value),
    chain(length) {
      let stub = api;
      for (let i = 1; i < length; i++) stub = stub.self();
      return stub.echo(length);
    },
    mapList: (length) => api.list(length).map((n: unknown) => api.echo(n)),
    callBack: (times) => api.callBack((n: number) => n, times),
    async receiveBytes(chunks) {
      let bytes = 0;
      for await (const chunk of await api.bytes(chunks)) bytes += chunk.length;
      return bytes;
    },
    sendBytes: (chunks) => api.take(byteStream(chunks)),
    async receiveObjects(count) {
      let received = 0;
      for await (const _ of await api.objects(count)) received++;
      return received;
    },
    prepare: (count) => api.prepare(count),
    async holdStubs(count) {
      const stubs = await api.items(count);
      return {
        async release() {
          stubs[Symbol.dispose]();
          // Once this is answered, the server has received the messages before it.
          await api.echo(0);
        },
      };
    },
    async holdCalls(count): Promise<Held> {
      const calls: Promise<unknown>[] = [];
      for (let i = 0; i < count; i++) calls.push(Promise.resolve(api.wait()));
      await api.echo(0);
      return {
        async release() {
          await api.open();
          await Promise.all(calls);
        },
      };
    },
    close,
  };
}

/** The class of the main object of every server. */
function defineApi({ RpcTarget }: Implementation): new () => object {
  class Item extends RpcTarget {}
  const items: Item[] = [];
  return class Api extends RpcTarget {
    #gate = new Gate();

    echo(value: unknown) {
      return value;
    }
    self() {
      return this;
    }
    list(length: number) {
      return Array.from({ length }, (_, i) => i);
    }
    async callBack(callback: (value: number) => Promise<number>, times: number) {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += await callback(i);
      return sum;
    }
    bytes(chunks: number) {
      return byteStream(chunks);
    }
    async take(stream: ReadableStream<Uint8Array>) {
      let bytes = 0;
      for await (const chunk of stream) bytes += chunk.length;
      return bytes;
    }
    objects(count: number) {
      return streamOf(count, streamedObject);
    }
    prepare(count: number) {
      while (items.length < count) items.push(new Item());
    }
    items(count: number) {
      this.prepare(count);
      return items.slice(0, count);
    }
    wait() {
      return this.#gate.opened;
    }
    open() {
      this.#gate.open();
      this.#gate = new Gate();
    }
  };
}

function byteStream(chunks: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(CHUNK_SIZE);
  return streamOf(chunks, () => chunk);
}

function streamOf<T>(count: number, make: (n: number) => T): ReadableStream<T> {
  let n = 0;
  return new ReadableStream<T>({
    pull(controller) {
      if (n === count) controller.close();
      else controller.enqueue(make(n++));
    },
  });
}
