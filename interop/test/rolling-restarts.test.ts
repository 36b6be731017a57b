import { RpcTarget } from "@capnweb/core";
import { RpcHost } from "@capnweb/host";
import { connect } from "@capnweb/reconnect";
import { createMemoryLink } from "@capnweb/testkit";
import { expect, onTestFinished, test } from "vitest";

/** The number of restarts. */
const RESTARTS = Number(process.env["RESTARTS"] ?? 10);

class Room extends RpcTarget {
  async say(text: string) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return text;
  }
}

class Api extends RpcTarget {
  room() {
    return new Room();
  }
  async work(id: number) {
    await new Promise((resolve) => setTimeout(resolve, id % 5));
    return id;
  }
}

test("no call fails while servers are drained and replaced under load", async () => {
  const start = () => new RpcHost({ createMain: () => new Api() });
  let host = start();
  const clients = [1, 2, 3].map(() => {
    const connection = connect<Api>({
      open() {
        const link = createMemoryLink();
        void host.accept(link.server);
        return link.client;
      },
      // Soon after the request, so that the test is short.
      random: () => 0.01,
    });
    onTestFinished(() => connection.close());
    return { connection, room: connection.keep((api) => api.room()) };
  });
  let isOver = false;
  let calls = 0;
  const work = async ({ connection, room }: (typeof clients)[number]) => {
    while (!isOver) {
      const id = calls++;
      expect(await connection.api.work(id)).toBe(id);
      expect(await room.say(`${id}`)).toBe(`${id}`);
    }
  };
  const workers = [...clients, ...clients].map(work);
  for (let i = 0; i < RESTARTS; i++) {
    const before = host;
    host = start();
    const { cutCalls } = await before.drain({ deadline: 10_000 });
    expect(cutCalls).toBe(0);
  }
  isOver = true;
  await Promise.all(workers);
  for (const { connection } of clients) expect(connection.outcome).toBe("restored");
  expect(calls).toBeGreaterThan(RESTARTS);
});
