import { createBirpc } from "birpc";
import type { WebSocket } from "ws";
import type { Client, Contestant } from "./contestant.ts";
import { Gate } from "./gate.ts";
import { closed, openSocket, serveSockets } from "./network.ts";

interface ServerFunctions {
  echo(value: unknown): unknown;
  callBack(times: number): Promise<number>;
  wait(): Promise<void>;
  open(): void;
}

interface ClientFunctions {
  called(value: number): number;
}

export const birpc: Contestant = {
  serveWebSocket: () =>
    serveSockets((socket) => {
      let gate = new Gate();
      const client = createBirpc<ClientFunctions, ServerFunctions>(
        {
          echo: (value) => value,
          async callBack(times) {
            let sum = 0;
            for (let i = 0; i < times; i++) sum += await client.called(i);
            return sum;
          },
          wait: () => gate.opened,
          open() {
            gate.open();
            gate = new Gate();
          },
        },
        channelOf(socket),
      );
    }),
  async connectWebSocket(port): Promise<Client> {
    const socket = openSocket(port);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const server = createBirpc<ServerFunctions, ClientFunctions>(
      { called: (value) => value },
      channelOf(socket),
    );
    return {
      echo: (value) => server.echo(value) as Promise<unknown>,
      callBack: (times) => server.callBack(times),
      async holdCalls(count) {
        const calls = Array.from({ length: count }, () => server.wait());
        await server.echo(0);
        return {
          async release() {
            await (server.open() as unknown);
            await Promise.all(calls);
          },
        };
      },
      close: () => closed(socket, () => socket.close()),
    };
  },
};

function channelOf(socket: WebSocket) {
  return {
    post: (data: string) => socket.send(data),
    on: (listener: (data: string) => void) => {
      socket.on("message", (data) => listener(String(data)));
    },
    serialize: (data: unknown) => JSON.stringify(data),
    deserialize: (text: string) => JSON.parse(text),
    timeout: -1,
  };
}
