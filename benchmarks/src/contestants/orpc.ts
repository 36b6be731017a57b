import { createORPCClient } from "@orpc/client";
import { RPCLink as HttpLink } from "@orpc/client/fetch";
import { BatchLinkPlugin } from "@orpc/client/plugins";
import { RPCLink as WebSocketLink } from "@orpc/client/websocket";
import { os, type RouterClient } from "@orpc/server";
import { RPCHandler as HttpHandler } from "@orpc/server/node";
import { BatchHandlerPlugin } from "@orpc/server/plugins";
import { RPCHandler as WebSocketHandler } from "@orpc/server/ws";
import { type Contestant, streamedObject } from "./contestant.ts";
import { Gate } from "./gate.ts";
import { closed, httpUrl, openSocket, serveRequests, serveSockets } from "./network.ts";

let gate = new Gate();

const router = {
  echo: os.handler(({ input }: { input: unknown }) => input),
  objects: os.handler(async function* ({ input }: { input: unknown }) {
    for (let n = 0; n < Number(input); n++) yield streamedObject(n);
  }),
  wait: os.handler(() => gate.opened),
  open: os.handler(() => {
    gate.open();
    gate = new Gate();
  }),
};

type OrpcClient = RouterClient<typeof router>;

/** A limit above the batches of all cases. */
const maxSize = 1_000_000;

export const orpc: Contestant = {
  serveWebSocket() {
    const handler = new WebSocketHandler(router);
    return serveSockets((socket) => void handler.upgrade(socket, { context: {} }));
  },
  async connectWebSocket(port) {
    const socket = openSocket(port);
    const client: OrpcClient = createORPCClient(new WebSocketLink({ websocket: socket as any }));
    return {
      echo: (value) => client.echo(value),
      async receiveObjects(count) {
        let received = 0;
        for await (const _ of await client.objects(count)) received++;
        return received;
      },
      async holdCalls(count) {
        const calls = Array.from({ length: count }, () => client.wait());
        await client.echo(0);
        return {
          async release() {
            await client.open();
            await Promise.all(calls);
          },
        };
      },
      close: () => closed(socket, () => socket.close()),
    };
  },
  serveHttp() {
    const handler = new HttpHandler(router, { plugins: [new BatchHandlerPlugin({ maxSize })] });
    return serveRequests((request, response) => handler.handle(request, response, { context: {} }));
  },
  async connectHttp(port) {
    const plugins = [
      new BatchLinkPlugin({ groups: [{ condition: () => true, context: {} }], maxSize }),
    ];
    const client: OrpcClient = createORPCClient(new HttpLink({ url: httpUrl(port), plugins }));
    return {
      echo: (value) => client.echo(value),
      batch: (values) => Promise.all(values.map((value) => client.echo(value))),
      async close() {},
    };
  },
};
