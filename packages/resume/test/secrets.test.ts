import { RpcTarget } from "@capnweb/core";
import { ResumeError } from "@capnweb/resume";
import { describe, expect, it } from "vitest";
import { Network, until } from "./network.ts";
import { RawClient, secret } from "./raw-client.ts";
import { TestClock } from "./test-clock.ts";

class Api extends RpcTarget {
  readonly calls: unknown[] = [];

  note(what: unknown) {
    this.calls.push(what);
    return what;
  }
}

const [A, B, C, D] = ["a", "b", "c", "d"].map(secret) as [string, string, string, string];

const call = (what: string) => ["push", ["pipeline", 0, ["note"], [what]]];

async function begin(network: Network, own = A): Promise<RawClient> {
  const client = new RawClient(network);
  client.control({ resume: { secret: own, generation: 0, received: 0 } });
  const { resume } = await client.nextControl();
  expect(resume).toEqual({ epoch: network.acceptor.epoch, window: 120_000, buffer: 1_048_576 });
  return client;
}

function resume(network: Network, own: string, generation: number, next: string, info?: any) {
  const client = new RawClient(network, info);
  client.control({ resume: { secret: own, generation, received: 0, next } });
  return client;
}

const facts = (network: Network) => ({
  epoch: network.acceptor.epoch,
  window: 120_000,
  buffer: 1_048_576,
});

describe("a secret", () => {
  it("is new for each connection and session, and has 256 bits", async () => {
    const network = new Network(() => new Api());
    const { api } = network.connect<Api>();
    await api.note(1);
    for (let i = 0; i < 5; i++) {
      network.link.cut();
      await api.note(i);
    }
    await network.connect<Api>().api.note(1);
    const hellos = network.links.map(({ sentBy }) => JSON.parse(sentBy("client")[0] as string));
    const secrets = hellos.flatMap(([, , { capnweb }]) => {
      const { secret, next } = capnweb.resume;
      return next ? [next] : [secret];
    });
    expect(new Set(secrets).size).toBe(7);
    for (const each of secrets) expect(Buffer.from(each, "base64url").length).toBe(32);
  });

  it("is in no error, no state change and no attachment", async () => {
    const changes: unknown[] = [];
    const network = new Network(() => new Api());
    const { api, transport } = network.connect<Api>({
      window: 10,
      onStateChange: ({ error }) => changes.push(String(error), (error as any)?.stack),
    });
    await api.note(1);
    const own = JSON.parse(network.link.sentBy("client")[0] as string)[2].capnweb.resume.secret;
    const { attachment } = network.accepted[0]!.transport;
    network.isDown = true;
    network.link.cut();
    const error = await api.note(2).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ResumeError);
    const said = JSON.stringify([changes, error.stack, String(error.cause), attachment]);
    expect(said).not.toContain(own);
    expect(attachment).toEqual({ resumes: true });
    expect(transport.state).toBe("closed");
  });

  it("works until the next one has been used", async () => {
    const main = new Api();
    const network = new Network(() => main);
    const first = await begin(network);
    first.send(call("one"));
    await until(() => main.calls.length === 1);
    // The answers get lost, so that the client comes back with its old secret.
    expect(await resume(network, A, 1, B).nextControl()).toEqual({
      resumed: { received: 1, ...facts(network) },
    });
    expect(await resume(network, A, 2, C).nextControl()).toHaveProperty("resumed");
    // The new secret of a resume that was overtaken is void.
    expect(await resume(network, B, 3, D).nextControl()).toHaveProperty("fresh");
    expect(await resume(network, C, 3, D).nextControl()).toHaveProperty("resumed");
    expect(await resume(network, A, 4, B).nextControl()).toHaveProperty("fresh");
  });

  it("is void once the client has proved that it has the next one", async () => {
    const network = new Network(() => new Api());
    await begin(network);
    const second = resume(network, A, 1, B);
    await second.nextControl();
    second.control({ ack: 0 });
    second.send(call("two"));
    await second.link.settle();
    expect(await resume(network, A, 2, C).nextControl()).toHaveProperty("fresh");
    expect(await resume(network, B, 2, C).nextControl()).toHaveProperty("resumed");
  });
});

describe("a resume is refused", () => {
  it("if its secret is forged", async () => {
    const network = new Network(() => new Api());
    await begin(network);
    const thief = resume(network, B, 1, C);
    expect(await thief.nextControl()).toEqual({ fresh: { epoch: network.acceptor.epoch } });
    thief.send(call("theft"));
    await thief.link.settle();
    expect(network.sessions.length).toBe(1);
    expect(network.accepted[0]!.transport.state).toBe("open");
  });

  it("if the first message of another client is replayed", async () => {
    const main = new Api();
    const network = new Network(() => main);
    const first = await begin(network);
    const thief = new RawClient(network);
    thief.control({ resume: { secret: A, generation: 0, received: 0 } });
    thief.send(call("theft"));
    expect(await thief.nextControl()).toEqual({ refused: { reason: "The secret is in use." } });
    await thief.closed();
    first.send(call("fine"));
    await until(() => main.calls.length === 1);
    expect(main.calls).toEqual(["fine"]);
  });

  it("if a message that resumed is replayed", async () => {
    const network = new Network(() => new Api());
    await begin(network);
    const second = resume(network, A, 1, B);
    await second.nextControl();
    const reason = "A later connection has been accepted.";
    expect(await resume(network, A, 1, B).nextControl()).toEqual({ refused: { reason } });
    expect(await resume(network, A, 0.5, B).closed()).toBeInstanceOf(Error);
    expect(network.accepted[0]!.transport.state).toBe("open");
    second.control({ ack: 0 });
    await second.link.settle();
    expect(await resume(network, A, 1, B).nextControl()).toHaveProperty("fresh");
  });

  it("if another client has taken the session over", async () => {
    const main = new Api();
    const network = new Network(() => main);
    const { api, transport } = network.connect<Api>();
    await api.note("mine");
    const hello = JSON.parse(network.link.sentBy("client")[0] as string)[2].capnweb.resume;
    const thief = resume(network, hello.secret, 7, B);
    expect(await thief.nextControl()).toHaveProperty("resumed");
    const error = await api.note("lost").catch((error: unknown) => error);
    expect(error.code).toBe("RESUME_REFUSED");
    expect(transport.state).toBe("closed");
    expect(main.calls).toEqual(["mine"]);
  });

  it("if the client is someone else", async () => {
    const main = new Api();
    const network = new Network(() => main);
    network.info = { identity: "alice" };
    const first = await begin(network);
    first.link.cut();
    const mallory = resume(network, A, 1, B, { identity: "mallory" });
    const reason = "This client may not resume the session.";
    expect(await mallory.nextControl()).toEqual({ refused: { reason } });
    await mallory.closed();
    expect(network.acceptor.detached).toBe(1);
    // The refused attempt has changed nothing.
    expect(await resume(network, A, 1, B).nextControl()).toHaveProperty("resumed");
    expect(network.acceptor.detached).toBe(0);
  });

  it("as the application decides, each time", async () => {
    const asked: unknown[] = [];
    const network = new Network(() => new Api());
    network.info = { identity: "alice" };
    await begin(network);
    const info = {
      identity: "alice",
      async authorize(previous: unknown) {
        asked.push(previous);
        throw new ResumeError("RESUME_REFUSED", "Your account is locked.");
      },
    };
    const client = resume(network, A, 1, B, info);
    expect(await client.nextControl()).toEqual({ refused: { reason: "Your account is locked." } });
    expect(asked).toEqual([{ identity: "alice" }]);
    const failing = { authorize: () => Promise.reject(new Error("the password is hunter2")) };
    const other = resume(network, A, 1, B, failing);
    await other.closed();
    const said = other.link.log.map(({ message, aborted }) => `${message} ${aborted}`).join();
    expect(said).not.toContain("hunter2");
    expect(network.refusals.map(String)).toContain("Error: the password is hunter2");
  });

  it("once the application has taken too long to decide", async () => {
    const clock = new TestClock();
    const network = new Network(() => new Api(), { clock, authorizeTimeout: 500 });
    await begin(network);
    let isAsked = false;
    const authorize = () => {
      isAsked = true;
      return new Promise<boolean>(() => {});
    };
    const client = resume(network, A, 1, B, { authorize });
    await until(() => isAsked);
    clock.advance(500);
    expect(await client.nextControl()).toEqual({
      refused: { reason: "The server didn't decide within 500 ms (authorizeTimeout)." },
    });
    await until(() => network.refusals.length === 1);
    expect(network.refusals[0]).toMatchObject({ code: "RESUME_REFUSED" });
    expect(await resume(network, A, 1, B).nextControl()).toHaveProperty("resumed");
  });

  it("after the window", async () => {
    const clock = new TestClock();
    const network = new Network(() => new Api(), { clock });
    const first = await begin(network);
    first.link.cut();
    clock.advance(119_999);
    expect(network.acceptor.detached).toBe(1);
    clock.advance(1);
    expect(network.acceptor.detached).toBe(0);
    expect(await resume(network, A, 1, B).nextControl()).toHaveProperty("fresh");
  });
});
