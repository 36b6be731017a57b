import { newHttpBatchRpcResponse, newWebSocketRpcSession } from "@capnweb/compat";
import { Api } from "../api.ts";

const { Deno } = globalThis as any;
Deno.serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }: { port: number }) => console.log(`listening on 127.0.0.1:${port}`),
  },
  (request: Request) => {
    if (request.headers.get("upgrade") !== "websocket") {
      return newHttpBatchRpcResponse(request, new Api());
    }
    const { socket, response } = Deno.upgradeWebSocket(request);
    newWebSocketRpcSession(socket, new Api());
    return response;
  },
);
