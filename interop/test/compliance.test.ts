import {
  createMemoryLink,
  type Implementation,
  type LinkOptions,
  type MemoryLink,
  type TransportSetup,
  transportCompliance,
} from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { describe, expect, test } from "vitest";
import { IMPLEMENTATIONS, OURS } from "../src/implementation.ts";

/** Sessions over links in memory. `spoil` may do something to each. */
const overLinks = (
  implementation: Implementation,
  options: LinkOptions = {},
  spoil: (link: MemoryLink) => void = () => {},
): TransportSetup => ({
  implementation,
  features: ["sessions", "cut"],
  setup({ createMain }) {
    const links: MemoryLink[] = [];
    const cut = () => {
      for (const link of links) link.cut();
    };
    return {
      connect(main) {
        const link = createMemoryLink(options);
        links.push(link);
        spoil(link);
        new implementation.RpcSession(link.server, createMain());
        return new implementation.RpcSession(link.client, main).getRemoteMain();
      },
      cut,
      stop: cut,
    };
  },
});

for (const [name, implementation] of Object.entries(IMPLEMENTATIONS)) {
  testTransport(`a link in memory, ${name}`, overLinks(implementation));
  testTransport(
    `a slow link in memory, ${name}`,
    overLinks(implementation, { latency: 2, jitter: 3 }),
  );
}

const IN_ORDER = "carries a thousand calls at once, in order";

describe("a transport is found out", () => {
  /** Whether a check fails, or is waited for in vain. */
  const isFoundOut = async (setup: TransportSetup, check: string) => {
    const tests = transportCompliance(setup).filter(({ name }) => name === check);
    expect(tests).toHaveLength(1);
    const late = new Promise<never>((_, reject) => setTimeout(reject, 1000, new Error("late")));
    const running = Promise.race([tests[0]!.run(), late]);
    return running.then(
      () => false,
      () => true,
    );
  };

  test("that loses what is left after a hundred messages", async () => {
    const cut = { from: "client", afterMessages: 100 } as const;
    expect(await isFoundOut(overLinks(OURS, { cut }), IN_ORDER)).toBe(true);
  });

  test("that swaps messages", async () => {
    const swap = ({ client }: MemoryLink) => {
      const send = client.send.bind(client);
      let held: unknown;
      client.send = (message) => {
        if (held === undefined && String(message).startsWith('["push"')) {
          held = message;
          queueMicrotask(() => {
            if (held !== undefined) send(held);
            held = undefined;
          });
          return;
        }
        send(message);
        if (held !== undefined) send(held);
        held = undefined;
      };
    };
    expect(await isFoundOut(overLinks(OURS, {}, swap), IN_ORDER)).toBe(true);
  });

  test("that garbles text", async () => {
    const garble = ({ client }: MemoryLink) => {
      const send = client.send.bind(client);
      client.send = (message) => send(String(message).replace(/\u{1f600}/gu, "?"));
    };
    const garbling = overLinks(OURS, {}, garble);
    expect(await isFoundOut(garbling, "carries values of every kind unchanged")).toBe(true);
    expect(await isFoundOut(garbling, "carries a message of over a megabyte")).toBe(true);
    expect(await isFoundOut(garbling, IN_ORDER)).toBe(false);
  });

  test("that doesn't say when it breaks", async () => {
    const silent = ({ client, server }: MemoryLink) => {
      client.close = () => {};
      server.close = () => {};
    };
    const check = "fails what is under way when the connection breaks";
    expect(await isFoundOut(overLinks(OURS, {}, silent), check)).toBe(true);
  });
});
