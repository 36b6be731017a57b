import { newMessagePortRpcSession, RpcTarget } from "capnweb";
import type { Subject } from "./subject.ts";

export const capnweb: Subject = {
  name: "capnweb",
  async connect(handle) {
    class Main extends RpcTarget {
      call(value: any) {
        return handle(value);
      }
    }
    // It needs a global `WebSocket` for sockets, which Node 20 lacks.
    const { port1, port2 } = new MessageChannel();
    newMessagePortRpcSession(port2 as any, new Main());
    const main: any = newMessagePortRpcSession(port1 as any);
    return {
      call: async (value) => await main.call(value),
      async close() {
        main[Symbol.dispose]();
        port1.close();
      },
    };
  },
  byReference(methods) {
    class Target extends RpcTarget {}
    Object.assign(Target.prototype, methods);
    return new Target();
  },
};
