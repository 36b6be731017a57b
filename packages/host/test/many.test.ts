import { randomBytes } from "node:crypto";
import type { TransportReceiver } from "@capnweb/core";
import { RpcTarget } from "@capnweb/core";
import { expect, test, vi } from "vitest";
import { deferred, newHost } from "./support.ts";

class Chatty extends RpcTarget {
  listen(listener: any) {
    listener.dup()("x".repeat(10_000));
    setTimeout(() => {}, 0);
  }
}

/** Connects a client that begins a resumable session, makes a call, and loses its connection. */
async function comeAndGo(host: ReturnType<typeof newHost>, call: string): Promise<void> {
  let receiver!: TransportReceiver;
  const answered = deferred();
  let sent = 0;
  const accepted = host.accept({
    start(to) {
      receiver = to;
    },
    send() {
      if (++sent === 2) answered.resolve();
    },
    abort() {},
  });
  const resume = { secret: randomBytes(32).toString("base64url"), generation: 0, received: 0 };
  receiver.receive(JSON.stringify(["reject", 2147483647, { capnweb: { resume } }]));
  receiver.receive(call);
  await accepted;
  await answered.promise;
  receiver.close(new Error("The connection was lost."));
}

test("10,000 detached sessions stay within the limits of the process", async () => {
  const onEnd = vi.fn();
  const host = newHost({
    createMain: () => new Chatty(),
    countTraffic: false,
    maxSessions: 20_000,
    resume: { maxDetached: 10_000, maxDetachedBytes: 16 * 1024 * 1024 },
    onEnd,
  });
  const quiet = '["push",["pipeline",0,["nothing"],[]]]\n["pull",1]';
  for (let i = 0; i < 10_100; i += 100) {
    await Promise.all(Array.from({ length: 100 }, () => comeAndGo(host, quiet)));
  }
  expect(host.health().detached).toBe(10_000);
  expect(host.size).toBe(0);
  expect([...host.sessions].every(({ state }) => state === "detached")).toBe(true);
  expect(onEnd).toHaveBeenCalledTimes(100);
  // Clients to which much is still to be sent push out those to which most is to be sent.
  const chatty = '["push",["pipeline",0,["listen"],[["export",-1]]]]';
  for (let i = 0; i < 2_000; i += 100) {
    await Promise.all(Array.from({ length: 100 }, () => comeAndGo(host, chatty)));
  }
  expect(host.health().detachedBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(host.health().detachedBytes).toBeGreaterThan(10 * 1024 * 1024);
  expect(host.health().detached).toBeLessThanOrEqual(10_000);
});
