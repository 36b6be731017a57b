import { RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { listen } from "./listen.ts";
import type { Subject } from "./subject.ts";

export const ours: Subject = {
  name: "@capnweb",
  async connect(handle) {
    class Main extends RpcTarget {
      call(value: any) {
        return handle(value);
      }
    }
    const { server, port, close } = await listen();
    attachWebSocketRpc(server, () => new Main(), { onError() {} });
    const main: any = newWebSocketRpcSession(`ws://127.0.0.1:${port}`);
    return {
      call: async (value) => await main.call(value),
      async close() {
        main[Symbol.dispose]();
        await close();
      },
    };
  },
  byReference: targetOf,
  async serveWebSocket() {
    const { server, port, close } = await listen();
    attachWebSocketRpc(server, () => new RpcTarget(), { onError() {} });
    return { url: `ws://127.0.0.1:${port}`, close };
  },
};

function targetOf(methods: Record<string, (...args: any[]) => unknown>): RpcTarget {
  class Target extends RpcTarget {}
  Object.assign(Target.prototype, methods);
  return new Target();
}
