import { newHttpBatchRpcResponse, newWebSocketRpcSession } from "@capnweb/compat";
import { mainFor, OPTIONS } from "../main-for.ts";

const { Deno } = globalThis as any;
Deno.serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }: { port: number }) => console.log(`listening on 127.0.0.1:${port}`),
  },
  (request: Request) => {
    if (request.headers.get("upgrade") !== "websocket") {
      return newHttpBatchRpcResponse(request, mainFor(request.url), { cors: { origin: "*" } });
    }
    const { socket, response } = Deno.upgradeWebSocket(request);
    newWebSocketRpcSession(socket, mainFor(request.url), OPTIONS);
    return response;
  },
);
