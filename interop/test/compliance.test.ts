import { execFile } from "node:child_process";
import { runInNewContext } from "node:vm";
import { type Transport, wrapTransport } from "@capnweb/core";
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
import { bundleProgram } from "../../testing/bundle-program.ts";
import { IMPLEMENTATIONS, OURS } from "../src/implementation.ts";

/**
 * Makes sessions over links in memory.
 *
 * @param spoil may damage each link, or return a transport for its client
 */
const overLinks = (
  implementation: Implementation,
  options: LinkOptions = {},
  spoil: (link: MemoryLink) => Transport | void = () => {},
): TransportSetup => ({
  implementation,
  features: ["sessions", "cut"],
  timeout: 60_000,
  setup({ createMain }) {
    const links: MemoryLink[] = [];
    const cut = () => {
      for (const link of links) link.cut();
    };
    return {
      connect(main) {
        const link = createMemoryLink(options);
        links.push(link);
        const client = spoil(link) ?? link.client;
        new implementation.RpcSession(link.server, createMain());
        return new implementation.RpcSession(client, main).getRemoteMain();
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

describe("the compliance suite fails a transport", () => {
  /** The failure of a check, if it fails. */
  const failureOf = async (
    setup: TransportSetup,
    check: string,
    timeout = 1000,
  ): Promise<string | undefined> => {
    const tests = transportCompliance({ ...setup, timeout });
    const one = tests.filter(({ name }) => name === check);
    expect(one).toHaveLength(1);
    return one[0]!.run().then(
      () => undefined,
      (error: Error) => error.message,
    );
  };
  const isFoundOut = async (setup: TransportSetup, check: string) =>
    (await failureOf(setup, check)) !== undefined;

  test("that loses messages after the hundredth", async () => {
    const cut = { from: "client", afterMessages: 100 } as const;
    expect(await isFoundOut(overLinks(OURS, { cut }), IN_ORDER)).toBe(true);
  });

  test("that swaps messages", async () => {
    const swap = ({ client }: MemoryLink) => {
      let held: unknown;
      const sendHeld = () => {
        if (held !== undefined) client.send(held);
        held = undefined;
      };
      return wrapTransport(client, {
        send(message) {
          if (held === undefined && String(message).startsWith('["push"')) {
            held = message;
            queueMicrotask(sendHeld);
            return;
          }
          client.send(message);
          sendHeld();
        },
      });
    };
    expect(await isFoundOut(overLinks(OURS, {}, swap), IN_ORDER)).toBe(true);
  });

  test("that garbles text", async () => {
    const garble = ({ client }: MemoryLink) =>
      wrapTransport(client, {
        send: (message) => client.send(String(message).replace(/\u{1f600}/gu, "?")),
      });
    const garbling = overLinks(OURS, {}, garble);
    expect(await isFoundOut(garbling, "carries values of every kind unchanged")).toBe(true);
    expect(await isFoundOut(garbling, "carries a message of over a megabyte")).toBe(true);
    expect(await failureOf(garbling, IN_ORDER, 60_000)).toBeUndefined();
  });

  const silent = overLinks(OURS, {}, ({ client, server }) => {
    client.close = () => {};
    server.close = () => {};
  });

  test.each([
    ["fails what is under way when the connection breaks", "the call under way to fail"],
    ["ends idle streams when the connection breaks", "the source of the client's stream"],
    ["ends the server's side when the client ends the session", "the server's main object"],
  ])("that doesn't report that it broke: %s", async (check, awaited) => {
    const failure = await failureOf(silent, check);
    expect(failure).toContain(`Waited 1000 ms in vain for ${awaited}`);
    expect(failure).toContain("the transport has to tell");
  });

  test("that starts or stops too slowly", async () => {
    const check = "carries a call and its answer";
    const never = () => new Promise<never>(() => {});
    const slow = overLinks(OURS);
    expect(await failureOf({ ...slow, setup: never }, check)).toContain("setup() of the fixture");
    const hanging: TransportSetup = {
      ...slow,
      setup: async (server) => ({ ...(await slow.setup(server)), stop: never }),
    };
    expect(await failureOf(hanging, check)).toContain("stop() of the fixture");
  });
});

test("a session may end with an error of another realm, as under jest", async () => {
  const links: MemoryLink[] = [];
  const setup = overLinks(OURS, {}, (link) => void links.push(link));
  const cut = () => {
    for (const link of links) link.cut(runInNewContext("new Error('gone')"));
  };
  const tests = transportCompliance({
    ...setup,
    setup: async (server) => ({ ...(await setup.setup(server)), cut }),
  });
  const broken = tests.filter(({ name }) => name.includes("the connection breaks"));
  expect(broken).toHaveLength(2);
  for (const { run } of broken) await run();
});

test("Node's own runner, which has no time limit, reports a transport that misses a close", async () => {
  const file = bundleProgram(new URL("fixtures/silent-transport.ts", import.meta.url));
  const args = ["--test-reporter=tap", file];
  const { stdout, code } = await new Promise<{ stdout: string; code: unknown }>((resolve) => {
    execFile(process.execPath, args, { env: envWithoutVitest() }, (error, stdout) => {
      resolve({ stdout, code: error?.code });
    });
  });
  expect(code).toBe(1);
  expect(stdout).toContain("Waited 1000 ms in vain for the call under way to fail");
  expect(stdout).toContain("ok 1 - carries a call and its answer");
});

function envWithoutVitest(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return env;
}
