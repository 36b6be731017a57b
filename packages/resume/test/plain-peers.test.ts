import { RpcSession, RpcTarget } from "@capnweb/core";
import { ResumingTransport } from "@capnweb/resume";
import { createMemoryLink } from "@capnweb/testkit";
import { expect, it } from "vitest";
import { Network, until } from "./network.ts";

class Api extends RpcTarget {
  double(n: number) {
    return n * 2;
  }

  never() {
    return new Promise(() => {});
  }

  callBack(callback: (n: number) => unknown) {
    return callback(21);
  }
}

it("serves a client that doesn't know resume, and ends with its connection", async () => {
  const network = new Network(() => new Api());
  const link = createMemoryLink();
  void network.accept(link.server);
  const client = new RpcSession<any>(link.client);
  const api = client.getRemoteMain();
  expect(await api.double(4)).toBe(8);
  expect(await api.callBack((n: number) => n + 1)).toBe(22);
  const [{ kind, transport }] = network.accepted as [any];
  expect(kind).toBe("plain");
  expect(transport.kind).toBe("plain");
  link.cut();
  expect(transport.state).toBe("closed");
  expect(network.acceptor.detached).toBe(0);
});

it("serves a client that says nothing, after a time", async () => {
  const network = new Network(() => new Api(), { firstMessageTimeout: 5 });
  const link = createMemoryLink();
  void network.accept(link.server);
  const client = new RpcSession<any>(link.client, new Api(), { announce: false });
  await until(() => network.sessions.length === 1);
  expect(await network.sessions[0]!.getRemoteMain().double(3)).toBe(6);
  client.getRemoteMain()[Symbol.dispose]();
  await until(() => network.accepted[0]!.transport.state === "closed");
});

for (const announce of ["reply", false] as const) {
  it(`is an ordinary transport to a server without resume (announce: ${announce})`, async () => {
    const states: unknown[] = [];
    const links: ReturnType<typeof createMemoryLink>[] = [];
    const transport = new ResumingTransport(
      () => {
        const link = createMemoryLink();
        links.push(link);
        new RpcSession(link.server, new Api(), { announce });
        return link.client;
      },
      { onStateChange: (change) => states.push(change.state) },
    );
    const session = new RpcSession<any>(transport);
    const api = session.getRemoteMain();
    expect(await api.double(4)).toBe(8);
    expect(transport.peer).toBe("plain");
    expect(transport.buffered).toBe(0);
    const pending = api.never().catch((error: Error) => error);
    links[0]!.cut(new Error("the cable"));
    expect((await pending).message).toBe("the cable");
    expect(states).toEqual(["open", "closed"]);
    expect(links.length).toBe(1);
    expect(links[0]!.sentBy("client")[0]).toContain("secret");
  });
}

it("finds out that a server doesn't know resume, if it was cut before it said anything", async () => {
  let opened = 0;
  const transport = new ResumingTransport(
    () => {
      opened++;
      const link = createMemoryLink(
        opened === 1 ? { cut: { from: "server", afterMessages: 0 } } : {},
      );
      new RpcSession(link.server, new Api(), { announce: false });
      return link.client;
    },
    { backoff: { min: 0 } },
  );
  const session = new RpcSession<any>(transport);
  const error = await session
    .getRemoteMain()
    .double(1)
    .catch((error: unknown) => error);
  expect(error.code).toBe("RESUME_UNSUPPORTED");
  expect(opened).toBe(2);
});
