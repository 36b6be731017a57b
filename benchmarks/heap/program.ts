// One end of the program that `run.mjs` describes. It obeys the messages of its parent process.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { writeHeapSnapshot } from "node:v8";
import { type RpcSessionOptions, RpcTarget } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { WebSocket, WebSocketServer } from "ws";

/** The units of memory, each held by a client. */
type Unit = "stub" | "call" | "session";

class Item extends RpcTarget {}

const items = Array.from({ length: 40_000 }, () => new Item());
const never = new Promise<never>(() => {});

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
  items(first: number, count: number) {
    return items.slice(first, first + count);
  }
  wait() {
    return never;
  }
}

const commands: Record<string, (...args: any[]) => Promise<unknown> | unknown> = {
  async serve(options: RpcSessionOptions) {
    const server = createServer().listen(0, "127.0.0.1");
    new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
      newWebSocketRpcSession(socket as never, new Api(), options);
    });
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  },
  hold,
  async memory() {
    await collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  async snapshot(file: string) {
    await collect();
    return writeHeapSnapshot(file);
  },
};

/** Everything that the units hold. */
const held: unknown[] = [];
let first = 0;

async function hold(unit: Unit, count: number, port: number, options: RpcSessionOptions) {
  if (unit === "session") {
    for (let i = 0; i < count; i++) {
      const api = connect(port, options);
      await api.echo(0);
      held.push(api);
    }
    return;
  }
  held[0] ??= connect(port, options);
  const api = held[0] as any;
  if (unit === "stub") {
    held.push(await api.items(first, count));
    first += count;
    return;
  }
  for (let i = 0; i < count; i++) held.push(Promise.resolve(api.wait()));
  await api.echo(0);
}

function connect(port: number, options: RpcSessionOptions): any {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  return newWebSocketRpcSession(socket as never, undefined, options);
}

async function collect(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    (globalThis as { gc?: () => void }).gc!();
    await setImmediate();
  }
}

process.on("message", async ([name, ...args]: [string, ...unknown[]]) => {
  process.send!((await commands[name]!(...args)) ?? null);
});
