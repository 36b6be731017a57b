import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  type TRPCClient,
  wsLink,
} from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocket, WebSocketServer } from "ws";
import { type Contestant, streamedObject } from "./contestant.ts";
import { Gate } from "./gate.ts";
import { httpUrl, serveRequests, serveSockets } from "./network.ts";

const { router, procedure } = initTRPC.create();
let gate = new Gate();

const app = router({
  echo: procedure.input((value: unknown) => value).mutation(({ input }) => input),
  objects: procedure.input(Number).subscription(async function* ({ input }) {
    for (let n = 0; n < input; n++) yield streamedObject(n);
  }),
  wait: procedure.mutation(() => gate.opened),
  open: procedure.mutation(() => {
    gate.open();
    gate = new Gate();
  }),
});

export const trpc: Contestant = {
  async serveWebSocket() {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    applyWSSHandler({ wss: server, router: app });
    return serveSockets(() => {}, server);
  },
  async connectWebSocket(port) {
    const socket = createWSClient({
      url: httpUrl(port).replace("http", "ws"),
      WebSocket: WebSocket as any,
    });
    const client: TRPCClient<typeof app> = createTRPCClient({
      links: [wsLink({ client: socket })],
    });
    return {
      echo: (value) => client.echo.mutate(value),
      receiveObjects: (count) =>
        new Promise((resolve, reject) => {
          let received = 0;
          client.objects.subscribe(count, {
            onData: () => void received++,
            onComplete: () => resolve(received),
            onError: reject,
          });
        }),
      async holdCalls(count) {
        const calls = Array.from({ length: count }, () => client.wait.mutate());
        await client.echo.mutate(0);
        return {
          async release() {
            await client.open.mutate();
            await Promise.all(calls);
          },
        };
      },
      close: () => socket.close(),
    };
  },
  serveHttp: () => serveRequests(createHTTPHandler({ router: app })),
  async connectHttp(port) {
    const client: TRPCClient<typeof app> = createTRPCClient({
      links: [httpBatchLink({ url: httpUrl(port) })],
    });
    return {
      echo: (value) => client.echo.mutate(value),
      batch: (values) => Promise.all(values.map((value) => client.echo.mutate(value))),
      async close() {},
    };
  },
};
