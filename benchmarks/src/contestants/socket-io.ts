import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import type { Contestant } from "./contestant.ts";
import { Gate } from "./gate.ts";
import { httpUrl, listen } from "./network.ts";

type Acknowledge = (result?: unknown) => void;

export const socketIo: Contestant = {
  serveWebSocket() {
    const http = createServer();
    const server = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 1e8 });
    server.on("connection", (socket) => {
      let gate = new Gate();
      socket.on("echo", (value: unknown, acknowledge: Acknowledge) => acknowledge(value));
      socket.on("callBack", async (times: number, acknowledge: Acknowledge) => {
        let sum = 0;
        for (let i = 0; i < times; i++) sum += await socket.emitWithAck("called", i);
        acknowledge(sum);
      });
      socket.on("wait", (acknowledge: Acknowledge) => gate.opened.then(() => acknowledge()));
      socket.on("open", (acknowledge: Acknowledge) => {
        gate.open();
        gate = new Gate();
        acknowledge();
      });
    });
    return listen(http);
  },
  async connectWebSocket(port) {
    const socket = io(httpUrl(port), { transports: ["websocket"], forceNew: true });
    socket.on("called", (value: number, acknowledge: Acknowledge) => acknowledge(value));
    return {
      echo: (value) => socket.emitWithAck("echo", value),
      callBack: (times) => socket.emitWithAck("callBack", times),
      async holdCalls(count) {
        const calls = Array.from({ length: count }, () => socket.emitWithAck("wait"));
        await socket.emitWithAck("echo", 0);
        return {
          async release() {
            await socket.emitWithAck("open");
            await Promise.all(calls);
          },
        };
      },
      async close() {
        socket.close();
      },
    };
  },
};
