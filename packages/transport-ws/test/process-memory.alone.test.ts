// The sessions of a process share one account of memory, so nothing else may hold any meanwhile.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { listen } from "./support.ts";

test("the limit on memory ends sessions of the network that holds most, not the largest of all", async () => {
  const options = {
    limits: { maxProcessHeldBytes: 2_000_000 },
    addressOf: ({ headers }: IncomingMessage) => headers["x-real-ip"] as string,
  };
  const { url } = await listen(options);
  const hold = async (ip: string, length: number) => {
    const socket = new WebSocket(url("/"), { headers: { "x-real-ip": ip } });
    await once(socket, "open");
    // A text with both would be held until the second one was handled, too.
    socket.send(`["push","${"x".repeat(length)}"]`);
    socket.send('["push",["pipeline",0,["add"],[1,2]]]');
    socket.send('["pull",2]');
    // It has been handled when an answer, or the end, arrives.
    await once(socket, "message");
    return socket;
  };
  const honest = await hold("198.51.100.7", 300_000);
  const others: WebSocket[] = [];
  for (let i = 0; i < 4; i++) others.push(await hold(`2001:db8::${i}`, 200_000 - i));
  await vi.waitFor(() => expect(others[0]!.readyState).toBe(WebSocket.CLOSED));
  const isOpen = [honest, ...others].map(({ readyState }) => readyState === WebSocket.OPEN);
  expect(isOpen).toEqual([true, false, true, true, true]);
});
