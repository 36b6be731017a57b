import { afterEach, describe, expect, test, vi } from "vitest";
import { createMemoryLink, type LinkEnd, type LinkOptions } from "../src/index.ts";

/** The messages that arrive at an end, with their times. */
function listen(end: LinkEnd) {
  const heard: { message?: unknown; closed?: string; at: number }[] = [];
  end.start({
    receive: (message) => heard.push({ message, at: performance.now() }),
    close: (reason) => heard.push({ closed: (reason as Error).message, at: performance.now() }),
  });
  return heard;
}

const messages = (heard: readonly { message?: unknown }[]) => heard.map(({ message }) => message);

describe("a link without faults", () => {
  test("carries bytes beside text, if it is binary", async () => {
    const link = createMemoryLink({ isBinary: true });
    const server = listen(link.server);
    const bytes = new Uint8Array([1, 2]);
    link.client.send(bytes);
    bytes[0] = 9;
    link.client.send("text");
    await link.settle();
    expect(messages(server)).toEqual([new Uint8Array([1, 2]), "text"]);
    expect([link.client.isBinary, createMemoryLink().client.isBinary]).toEqual([true, false]);
  });

  test("delivers both ways, in order, and keeps a log", async () => {
    const link = createMemoryLink();
    const client = listen(link.client);
    const server = listen(link.server);
    link.client.send("1");
    link.client.send("2");
    link.server.send("3");
    await link.settle();
    expect(messages(server)).toEqual(["1", "2"]);
    expect(messages(client)).toEqual(["3"]);
    expect(link.sentBy("client")).toEqual(["1", "2"]);
    expect(link.log.map(({ from }) => from)).toEqual(["client", "client", "server"]);
  });

  test("keeps messages that arrive before the end is used, in push or pull style", async () => {
    const link = createMemoryLink();
    link.client.send("1");
    link.server.send("2");
    await link.settle();
    expect(messages(listen(link.server))).toEqual(["1"]);
    expect(await link.client.receive()).toBe("2");
  });

  test("tells the other end, after the last message, that an end has hung up", async () => {
    const link = createMemoryLink();
    const server = listen(link.server);
    link.client.send("last");
    link.client.abort(new Error("done"));
    link.client.send("too late");
    await link.settle();
    expect(server.map(({ message, closed }) => message ?? closed)).toEqual([
      "last",
      "The peer closed the link.",
    ]);
    expect(link.log.at(-1)).toMatchObject({ from: "client", aborted: new Error("done") });
    await expect(createMemoryLinkAndHangUp().receive()).rejects.toThrow(
      "The peer closed the link.",
    );
  });

  test("copies trees, so that neither end can change the other's", async () => {
    const link = createMemoryLink({ encodingLevel: "structuredClonable" });
    const server = listen(link.server);
    const tree = ["push", { a: new Date(0) }];
    link.client.send(tree);
    await link.settle();
    expect(server[0]!.message).toEqual(tree);
    expect(server[0]!.message).not.toBe(tree);
  });
});

function createMemoryLinkAndHangUp(): LinkEnd {
  const link = createMemoryLink();
  link.client.abort("gone");
  return link.server;
}

describe("a link with faults", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  async function deliver(options: LinkOptions, sent: readonly string[]) {
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
    const link = createMemoryLink(options);
    const heard = listen(link.server);
    const start = performance.now();
    for (const message of sent) link.client.send(message);
    await vi.advanceTimersByTimeAsync(60_000);
    return heard.map(({ message, closed, at }) => [message ?? closed, Math.round(at - start)]);
  }

  test("delays messages by its latency", async () => {
    expect(await deliver({ latency: 50 }, ["a", "b"])).toEqual([
      ["a", 50],
      ["b", 50],
    ]);
  });

  test("limits the bytes per second of each side", async () => {
    expect(
      await deliver({ bandwidth: 1000, latency: 10 }, ["x".repeat(100), "é".repeat(50)]),
    ).toEqual([
      ["x".repeat(100), 110],
      ["é".repeat(50), 210],
    ]);
  });

  test("adds jitter that keeps the order, and that is the same for the same seed", async () => {
    const sent = Array.from({ length: 50 }, (_, i) => String(i));
    const first = await deliver({ jitter: 100, seed: 7 }, sent);
    expect(first.map(([message]) => message)).toEqual(sent);
    expect(new Set(first.map(([, at]) => at)).size).toBeGreaterThan(1);
    vi.useRealTimers();
    expect(await deliver({ jitter: 100, seed: 7 }, sent)).toEqual(first);
    vi.useRealTimers();
    expect(await deliver({ jitter: 100, seed: 8 }, sent)).not.toEqual(first);
  });

  test.each([
    ["a message", { from: "client", afterMessages: 2 }, ["abc", "def"]],
    ["a byte between messages", { from: "client", afterBytes: 6 }, ["abc", "def"]],
    ["a byte in a message", { from: "client", afterBytes: 7 }, ["abc", "def"]],
    [
      "a byte, and the beginning arrives",
      { from: "client", afterBytes: 7, truncates: true },
      ["abc", "def", "g"],
    ],
    ["nothing at all", { from: "client", afterMessages: 0 }, []],
    ["the other side's", { from: "server", afterMessages: 0 }, ["abc", "def", "ghi", "jkl"]],
  ] as const)("delivers messages only up to a cut after %s", async (_, cut, arrive) => {
    const link = createMemoryLink({ cut });
    const client = listen(link.client);
    const server = listen(link.server);
    for (const message of ["abc", "def", "ghi", "jkl"]) link.client.send(message);
    await link.settle();
    expect(messages(server).filter((message) => message !== undefined)).toEqual(arrive);
    const isCut = cut.from === "client";
    expect(server.at(-1)?.closed).toBe(isCut ? "The link was cut." : undefined);
    expect(client.at(-1)?.closed).toBe(isCut ? "The link was cut." : undefined);
  });

  test("loses messages in flight when it is cut", async () => {
    const link = createMemoryLink();
    const server = listen(link.server);
    link.client.send("lost");
    link.cut(new Error("pulled the plug"));
    await link.settle();
    expect(server).toMatchObject([{ closed: "pulled the plug" }]);
  });
});

describe("a link that stalls", () => {
  test("tells nobody, and goes on without a loss", async () => {
    const link = createMemoryLink();
    const server = listen(link.server);
    link.client.send("1");
    await link.settle();
    link.client.send("2");
    link.stall();
    link.client.send("3");
    await link.settle();
    expect(messages(server)).toEqual(["1"]);
    link.resume();
    await link.settle();
    expect(messages(server)).toEqual(["1", "2", "3"]);
  });

  test("loses everything that it held back when it is cut", async () => {
    const link = createMemoryLink();
    const server = listen(link.server);
    link.stall();
    link.client.send("1");
    await link.settle();
    link.cut();
    link.resume();
    expect(server.map(({ closed }) => closed)).toEqual(["The link was cut."]);
  });
});

test("a link may break at once after a message, not when more is sent", async () => {
  const link = createMemoryLink({ cut: { from: "client", afterMessages: 1, atOnce: true } });
  const client = listen(link.client);
  const server = listen(link.server);
  link.client.send("1");
  await link.settle();
  expect(server.map(({ message, closed }) => message ?? closed)).toEqual([
    "1",
    "The link was cut.",
  ]);
  expect(client).toHaveLength(1);
});
