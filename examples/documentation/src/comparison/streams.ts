import { once } from "node:events";
import { RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import { os } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import * as reference from "capnweb";
import { WebSocket, WebSocketServer } from "ws";
import { listen } from "./listen.ts";

const CHUNK = "x".repeat(10_000);
/** All chunks together are 20 MB. */
const CHUNKS = 2_000;
/** So many calls are answered while the reader of the stream doesn't read. */
const CALLS = 200;

/** Counts the chunks that a source has made for a reader that has taken one, and waits. */
function countingSource() {
  const counts = { made: 0 };
  return {
    counts,
    stream: () =>
      new ReadableStream<string>({
        pull(controller) {
          if (counts.made++ < CHUNKS) controller.enqueue(CHUNK);
          else controller.close();
        },
      }),
    async *iterate() {
      while (counts.made++ < CHUNKS) yield CHUNK;
    },
  };
}

async function callRepeatedly(call: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < CALLS; n++) await call();
}

/** The number of chunks that a source makes ahead of a reader that has stopped, by library. */
export const STREAMS: Record<string, () => Promise<number>> = {
  async "@capnweb"() {
    const { counts, stream } = countingSource();
    class Api extends RpcTarget {
      read() {
        return stream();
      }
      ping() {}
    }
    const { server, port, close } = await listen();
    attachWebSocketRpc(server, () => new Api());
    const api = newWebSocketRpcSession<Api>(`ws://127.0.0.1:${port}`);
    const reader = (await api.read()).getReader();
    await reader.read();
    await callRepeatedly(async () => await api.ping());
    api[Symbol.dispose]();
    await close();
    return counts.made;
  },
  async capnweb() {
    const { counts, stream } = countingSource();
    class Api extends reference.RpcTarget {
      read() {
        return stream();
      }
      ping() {}
    }
    const { port1, port2 } = new MessageChannel();
    reference.newMessagePortRpcSession(port2 as any, new Api());
    const api: any = reference.newMessagePortRpcSession(port1 as any);
    const reader = (await api.read()).getReader();
    await reader.read();
    await callRepeatedly(async () => await api.ping());
    reader.closed.catch(() => {});
    api[Symbol.dispose]();
    port1.close();
    return counts.made;
  },
  async tRPC() {
    const { counts, iterate } = countingSource();
    const { router, procedure } = initTRPC.create();
    const app = router({ read: procedure.subscription(iterate), ping: procedure.query(() => 1) });
    const { server, port, close } = await listen();
    const wss = new WebSocketServer({ server });
    applyWSSHandler({ wss, router: app });
    const socket = createWSClient({ url: `ws://127.0.0.1:${port}`, WebSocket: WebSocket as any });
    const client = createTRPCClient<typeof app>({ links: [wsLink({ client: socket })] });
    // Its callbacks can't tell the source to wait.
    await new Promise((resolve) => client.read.subscribe(undefined, { onData: resolve }));
    await callRepeatedly(() => client.ping.query());
    await socket.close();
    for (const each of wss.clients) each.terminate();
    await close();
    return counts.made;
  },
  async oRPC() {
    const { counts, iterate } = countingSource();
    const handler = new RPCHandler({ read: os.handler(iterate), ping: os.handler(() => 1) });
    const { server, port, close } = await listen();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => void handler.upgrade(socket, { context: {} }));
    const websocket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(websocket, "open");
    const client: any = createORPCClient(new RPCLink({ websocket: websocket as any }));
    const chunks = await client.read();
    await chunks.next();
    await callRepeatedly(() => client.ping());
    websocket.close();
    await once(websocket, "close");
    await close();
    return counts.made;
  },
};
