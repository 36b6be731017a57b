import * as Comlink from "comlink";
import type { Subject } from "./subject.ts";

export const comlink: Subject = {
  name: "Comlink",
  async connect(handle) {
    const { port1, port2 } = new MessageChannel();
    Comlink.expose({ call: handle }, port2 as unknown as Comlink.Endpoint);
    const main = Comlink.wrap<{ call(value: unknown): unknown }>(
      port1 as unknown as Comlink.Endpoint,
    );
    return {
      call: async (value) => await main.call(value),
      async close() {
        port1.close();
      },
    };
  },
  byReference: (methods) => Comlink.proxy(methods),
};
