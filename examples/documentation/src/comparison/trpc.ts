import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocket, WebSocketServer } from "ws";
import { listen } from "./listen.ts";
import type { Handle, Subject } from "./subject.ts";

const { router, procedure } = initTRPC.create();

function routerOf(handle: Handle) {
  return router({
    handle: procedure.input((value: unknown) => value).mutation(({ input }) => handle(input)),
  });
}

async function serve(handle: Handle) {
  const { server, port, close } = await listen();
  const wss = new WebSocketServer({ server });
  applyWSSHandler({ wss, router: routerOf(handle) });
  return {
    url: `ws://127.0.0.1:${port}`,
    async close() {
      for (const socket of wss.clients) socket.terminate();
      await close();
    },
  };
}

export const trpc: Subject = {
  name: "tRPC",
  async connect(handle) {
    const { url, close } = await serve(handle);
    const socket = createWSClient({ url, WebSocket: WebSocket as any });
    const client = createTRPCClient<ReturnType<typeof routerOf>>({
      links: [wsLink({ client: socket })],
    });
    return {
      call: async (value) => await client.handle.mutate(value as any),
      async close() {
        await socket.close();
        await close();
      },
    };
  },
  serveWebSocket: () => serve(() => {}),
};
