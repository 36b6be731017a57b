import { RpcTarget } from "@capnweb/core";
import { ResumeError, ResumingTransport } from "@capnweb/resume";
import { createMemoryLink, type MemoryLink } from "@capnweb/testkit";
import { describe, expect, it } from "vitest";
import { Network, until } from "./network.ts";
import { RawClient, secret } from "./raw-client.ts";

class Api extends RpcTarget {
  note(what: unknown) {
    return what;
  }
}

const [A, B, C] = ["a", "b", "c"].map(secret) as [string, string, string];

const hello = { secret: A, generation: 0, received: 0 };

async function begin(): Promise<{ network: Network; client: RawClient; transport: any }> {
  const network = new Network(() => new Api());
  const client = new RawClient(network);
  client.control({ resume: hello });
  await client.nextControl();
  await until(() => network.sessions.length === 1);
  return { network, client, transport: network.accepted[0]!.transport };
}

describe("a first message that is malformed", () => {
  it.each<[string, unknown]>([
    ["a short secret", { ...hello, secret: "abc" }],
    ["a secret of other characters", { ...hello, secret: "*".repeat(43) }],
    ["a secret that is no text", { ...hello, secret: { length: 43 } }],
    ["a negative generation", { ...hello, generation: -1 }],
    ["a generation that is no number", { ...hello, generation: "1" }],
    ["a huge generation", { ...hello, generation: 1e300, next: B }],
    ["a fraction as the count", { ...hello, received: 0.5 }],
    ["no count", { ...hello, received: null }],
    ["no next secret", { ...hello, generation: 1 }],
    ["a probe of a million frames", { ...hello, generation: 1, next: B, probe: 1_000_000 }],
  ])("closes the connection: %s", async (_, resume) => {
    const network = new Network(() => new Api());
    const client = new RawClient(network);
    client.control({ resume });
    await client.closed();
    expect(network.refusals).toHaveLength(1);
    expect(network.refusals[0]).toMatchObject({ code: "RESUME_PROTOCOL" });
    expect(network.sessions).toHaveLength(0);
  });

  it("isn't read if it is long", async () => {
    const network = new Network(() => new Api());
    const client = new RawClient(network);
    client.control({ resume: { ...hello, more: "x".repeat(10_000) } });
    await until(() => network.sessions.length === 1);
    expect(network.accepted[0]!.kind).toBe("plain");
  });
});

describe("a session ends", () => {
  it.each<[string, unknown]>([
    ["more acknowledged than was sent", { ack: 1000 }],
    ["a negative acknowledgement", { ack: -1 }],
    ["an acknowledgement of NaN, which is null in JSON", { ack: null }],
    ["an acknowledgement of a list", { ack: [1] }],
    ["a huge acknowledgement", { ack: 1e300 }],
    ["a second first message", { resume: hello }],
    ["an answer of the accepting side", { resumed: { received: 0 } }],
    ["a malformed farewell", { closed: "now" }],
    ["a goaway without a time", { goaway: {} }],
  ])("after %s", async (_, control) => {
    const { network, client, transport } = await begin();
    client.control(control);
    await client.closed();
    expect(transport.state).toBe("closed");
    expect(network.acceptor.detached).toBe(0);
  });

  it("at the connecting side too", async () => {
    for (const control of [
      { ack: 99 },
      { ack: "x" },
      { resumed: { received: -1 } },
      { resume: {} },
    ]) {
      let link!: MemoryLink;
      const transport = new ResumingTransport(() => {
        link = createMemoryLink();
        return link.client as any;
      });
      const reasons: any[] = [];
      transport.start({ receive() {}, end() {}, close: (reason) => reasons.push(reason) });
      await until(() => link !== undefined && link.sentBy("client").length > 0);
      const say = (capnweb: unknown) =>
        link.server.send(JSON.stringify(["reject", 2147483647, { capnweb }]));
      say({ resume: { epoch: "e" } });
      say(control);
      await until(() => transport.state === "closed");
      expect(reasons[0]).toBeInstanceOf(ResumeError);
      expect(reasons[0].code).toBe("RESUME_PROTOCOL");
    }
  });
});

describe("a flood", () => {
  it("of resumes on one connection only costs that connection", async () => {
    const { network } = await begin();
    const client = new RawClient(network);
    for (let i = 0; i < 1000; i++) {
      client.control({ resume: { secret: B, generation: 1 + i, received: 0, next: C } });
    }
    expect(await client.nextControl()).toHaveProperty("fresh");
    await client.link.settle();
    expect(client.link.sentBy("server")).toHaveLength(1);
    expect(network.sessions).toHaveLength(1);
  });

  it("of messages that tell nothing new ends the session", async () => {
    for (const control of [{ ack: 0 }, { goaway: { deadline: 1 } }]) {
      const { client, transport } = await begin();
      for (let i = 0; i < 64; i++) client.control(control);
      await client.link.settle();
      expect(transport.state).toBe("open");
      client.control(control);
      await client.closed();
      expect(transport.state).toBe("closed");
    }
  });

  it("of generations keeps two secrets of a session", async () => {
    const { network, transport } = await begin();
    let last = A;
    for (let i = 1; i <= 1000; i++) {
      const client = new RawClient(network);
      const next = String(i).padStart(43, "n");
      client.control({ resume: { secret: last, generation: i, received: 0, next } });
      expect(await client.nextControl()).toHaveProperty("resumed");
      last = next;
    }
    expect(transport.resumptions).toBe(1000);
    expect(transport.state).toBe("open");
    const client = new RawClient(network);
    client.control({ resume: { secret: last, generation: 2 ** 31 + 1, received: 0, next: B } });
    expect(await client.nextControl()).toHaveProperty("refused");
  });

  it("before the session is there ends the connection", async () => {
    const network = new Network(() => new Api(), { maxWaiting: 10_000 });
    let go!: () => void;
    const waits = new Promise<boolean>((resolve) => {
      go = () => resolve(true);
    });
    const first = new RawClient(network);
    first.control({ resume: hello });
    await first.nextControl();
    const client = new RawClient(network, { authorize: () => waits });
    client.control({ resume: { secret: A, generation: 1, received: 0, next: B } });
    for (let i = 0; i < 100; i++) client.send(["push", "x".repeat(1000)]);
    await client.closed();
    go();
    await until(() => network.refusals.length === 1);
    expect(network.accepted[0]!.transport.resumptions).toBe(0);
  });
});

it("gives up what peers keep without acknowledging it, if all of it together is too much", async () => {
  const network = new Network(() => new Api(), { maxKeptBytes: 100_000 });
  const text = "x".repeat(10_000);
  const clients: RawClient[] = [];
  const ask = async (client: RawClient) => {
    client.send(["push", ["pipeline", 0, ["note"], [text]]]);
    client.send(["pull", 1]);
    await client.next();
  };
  for (let i = 0; i < 30; i++) {
    const client = new RawClient(network);
    client.control({ resume: { ...hello, secret: String(i).padStart(43, "s") } });
    await client.nextControl();
    await ask(client);
    clients.push(client);
  }
  const kept = network.accepted.map(({ transport }) => transport.buffered);
  expect(kept.reduce((sum, bytes) => sum + bytes)).toBeLessThan(110_000);
  expect(network.accepted.map(({ transport }) => transport.state)).not.toContain("closed");
  // The last one still has everything.
  const last = network.accepted.at(-1)!.transport;
  expect(last.buffered).toBeGreaterThan(10_000);
});

it("keeps the messages for a peer, although many others of one group acknowledge nothing", async () => {
  const network = new Network(() => new Api(), { maxKeptBytes: 100_000 });
  const keep = async (name: number, group: string, length: number) => {
    network.info = { group };
    const client = new RawClient(network);
    client.control({ resume: { ...hello, secret: String(name).padStart(43, "s") } });
    await client.nextControl();
    client.send(["push", ["pipeline", 0, ["note"], ["x".repeat(length)]]]);
    client.send(["pull", 1]);
    await client.next();
  };
  await keep(0, "ada", 20_000);
  for (let i = 1; i < 60; i++) await keep(i, "attacker", 3_000);
  const kept = network.accepted.map(({ transport }) => transport.buffered);
  expect(kept.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(100_000);
  expect(kept[0]).toBeGreaterThan(20_000);
});

describe("claims about the frames that arrived", () => {
  it.each([
    ["more than were sent", 50, "More was received than was sent, or less than before."],
    ["fewer than were acknowledged", 0, "More was received than was sent, or less than before."],
  ])("are refused: %s", async (_, received, reason) => {
    const { network, client, transport } = await begin();
    client.send(["reject", 2147483647, { capnweb: { features: [[]] } }]);
    await until(() => transport.sent === 1);
    client.control({ ack: 1 });
    await until(() => transport.acknowledged === 1);
    const other = new RawClient(network);
    other.control({ resume: { secret: A, generation: 1, received, next: B } });
    expect(await other.nextControl()).toEqual({ refused: { reason } });
    expect(transport.state).toBe("open");
  });
});

it("resumes once if two connections try at the same time", async () => {
  const { network, client, transport } = await begin();
  const decide: ((isAllowed: boolean) => void)[] = [];
  const authorize = () => new Promise<boolean>((resolve) => decide.push(resolve));
  const [low, high] = [1, 2].map((generation) => {
    const each = new RawClient(network, { authorize });
    each.control({
      resume: { secret: A, generation, received: 0, next: generation === 1 ? B : C },
    });
    return each;
  }) as [RawClient, RawClient];
  await until(() => decide.length === 2);
  decide[1]!(true);
  expect(await high.nextControl()).toHaveProperty("resumed");
  decide[0]!(true);
  expect(await low.nextControl()).toHaveProperty("refused");
  await client.closed();
  expect(transport.resumptions).toBe(1);
  expect(transport.state).toBe("open");
});
