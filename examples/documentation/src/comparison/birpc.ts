import { createBirpc } from "birpc";
import type { Subject } from "./subject.ts";

/** In Node, a port keeps its process alive until it is closed. */
const channelOf = (port: MessagePort) => ({
  post: (data: string) => port.postMessage(data),
  on: (listener: (data: string) => void) => {
    port.onmessage = ({ data }) => listener(data);
  },
  // The page says so: birpc leaves this to the application.
  serialize: (data: unknown) => JSON.stringify(data),
  deserialize: (text: string) => JSON.parse(text),
});

export const birpc: Subject = {
  name: "birpc",
  async connect(handle) {
    const { port1, port2 } = new MessageChannel();
    createBirpc<object, { call(value: unknown): unknown }>(
      { call: handle },
      channelOf(port2 as unknown as MessagePort),
    );
    const server = createBirpc<{ call(value: unknown): unknown }>(
      {},
      channelOf(port1 as unknown as MessagePort),
    );
    return {
      call: async (value) => await server.call(value),
      async close() {
        port1.close();
      },
    };
  },
};
