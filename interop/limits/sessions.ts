import { once } from "node:events";
import { createServer } from "node:http";
import { RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { WebSocket } from "ws";
import { longestTurn, memory, turn, Victim } from "./victim.ts";

const times = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i));

/** Bytes that a session holds after as many messages as it takes, within a tenth. */
async function heldBy(most: number, line: (i: number) => string): Promise<number> {
  for (let count = most; ; count = Math.floor(count * 0.9)) {
    const victim = new Victim();
    const before = memory();
    await victim.sayAll(times(count, line));
    const bytes = memory() - before;
    const isOver = victim.reason !== undefined;
    victim.end();
    if (!isOver) return bytes;
  }
}

/** Bytes held just below the limits of the tables. */
export async function tables(): Promise<Record<string, number>> {
  return {
    maxExports: await heldBy(262_140, () => '["push",0]'),
    maxImports: await heldBy(
      262_140,
      (i) => `["stream",["pipeline",0,["keep"],[["export",${-1 - i}]]]]`,
    ),
    maxPendingCalls: await heldBy(32_760, () => '["stream",["pipeline",0,["hang"],[]]]'),
    maxPipes: await heldBy(2_040, (i) =>
      i % 2 ? `["push",["pipeline",0,["read"],[["readable",${i}]]]]` : '["pipe"]',
    ),
  };
}

/** Bytes held just below `maxHeldBytes`, by kind of result. */
export async function results(): Promise<Record<string, number>> {
  const list = (length: number, value: string) =>
    `["push",[[${times(length, () => value).join(",")}]]]`;
  return {
    texts: await heldBy(30_000, () => `["push","${"x".repeat(4_000)}"]`),
    numbers: await heldBy(4_000, () => list(1_000, "0")),
    "empty objects": await heldBy(4_000, () => list(1_000, "{}")),
    "byte arrays": await heldBy(20_000, () => list(10, '["bytes","AA"]')),
    errors: await heldBy(100_000, () => '["push",["error","",""]]'),
    Headers: await heldBy(
      30_000,
      () => `["push",["headers",[${times(40, () => '["a","b"]').join(",")}]]]`,
    ),
    Requests: await heldBy(30_000, () => '["push",["request","a:",{}]]'),
  };
}

/** The longest time between two turns under a flood of small calls, in milliseconds. */
export async function floodedTurn(): Promise<number> {
  const victim = new Victim();
  const text = times(20_000, () => '["stream",["pipeline",0,["echo"],[1]]]').join("\n");
  let least = Number.POSITIVE_INFINITY;
  // The first runs include compilation, and others are slowed by a busy machine.
  for (let i = 0; i < 10; i++) {
    const longest = await longestTurn(async () => {
      await victim.say(text);
      for (let left = 40; left > 0; left--) await turn();
    });
    least = Math.min(least, longest);
  }
  victim.end();
  return least;
}

/** Bytes held by a thousand idle sessions. */
export async function idleSessions(): Promise<number> {
  const before = memory();
  const victims = times(1_000, () => "").map(() => new Victim());
  const bytes = memory() - before;
  for (const victim of victims) victim.end();
  return bytes;
}

/**
 * Bytes held by a thousand idle sessions over WebSockets. Half belongs to the other ends, which are
 * in the same process.
 */
export async function idleSockets(): Promise<number> {
  const server = createServer();
  const rpc = attachWebSocketRpc(server, () => new RpcTarget());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const before = memory();
  const sockets: WebSocket[] = [];
  for (let i = 0; i < 500; i++) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(socket, "open");
    sockets.push(socket);
  }
  const bytes = memory() - before;
  for (const socket of sockets) socket.terminate();
  rpc.close();
  server.close();
  return bytes * 2;
}
