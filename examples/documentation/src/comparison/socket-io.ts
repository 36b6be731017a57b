import { Server } from "socket.io";
import { io } from "socket.io-client";
import { listen } from "./listen.ts";
import type { Handle, Subject } from "./subject.ts";

async function serve(handle: Handle) {
  const { server, port, close } = await listen();
  const sockets = new Server(server, { transports: ["websocket"] });
  sockets.on("connection", (socket) => {
    // An error has no way back, so the application sends it itself.
    socket.on("call", async (value: unknown, acknowledge: (result: unknown) => void) => {
      acknowledge(await handle(value));
    });
  });
  return {
    port,
    async close() {
      sockets.disconnectSockets(true);
      await close();
    },
  };
}

export const socketIo: Subject = {
  name: "socket.io",
  async connect(handle) {
    const { port, close } = await serve(handle);
    const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
    // A call before this would throw inside of the library.
    await new Promise<void>((resolve) => socket.on("connect", resolve));
    return {
      call: async (value) => await socket.emitWithAck("call", value),
      async close() {
        socket.close();
        await close();
      },
    };
  },
  async serveWebSocket() {
    const { port, close } = await serve(() => {});
    return { url: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, close };
  },
};
