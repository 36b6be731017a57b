import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { newWebSocketRpcSession as newNodeSession } from "../src/node.ts";
import { Api, broken, frame, listen, rawUpgrade } from "./support.ts";

const TEXT = 1;
const CONTINUATION = 0;
const PING = 9;
const PONG = 10;
const CLOSE = 8;

/** A server with one well-behaved client, and a raw connection of another. */
async function attacked(options: Parameters<typeof listen>[0] = {}) {
  const disposed: string[] = [];
  const { port, url, attached } = await listen(options, () => new Api(disposed));
  const victim = newNodeSession<Api>(url("/"));
  await victim.add(1, 1);
  const attacker = rawUpgrade(port);
  await once(attacker, "data");
  return { attacker, victim, disposed, attached, port };
}

/**
 * Resolves once the server has given up the attacker's session, so that only the victim's is left.
 */
async function givenUp({ victim, attached, disposed }: Awaited<ReturnType<typeof attacked>>) {
  await vi.waitFor(() => expect(attached.size).toBe(1), { timeout: 10_000 });
  expect(disposed).toHaveLength(1);
  expect(await victim.add(2, 2)).toBe(4);
}

const call = (attacker: Socket, ...messages: string[]) => {
  for (const message of messages) attacker.write(frame(TEXT, message));
};

describe("a server withstands", () => {
  test("a peer that asks for much and doesn't read", async () => {
    const all = await attacked({ maxBufferedAmount: 1_000_000 });
    const { attacker } = all;
    attacker.pause();
    for (let id = 1; id <= 40; id++) {
      call(attacker, '["push",["pipeline",0,["text"],[1000000]]]', `["pull",${id}]`);
    }
    await givenUp(all);
  });

  test("a peer that asks for much and doesn't read, under the default limit", async () => {
    const all = await attacked();
    const { attacker } = all;
    attacker.pause();
    for (let id = 1; id <= 60; id++) {
      call(attacker, '["push",["pipeline",0,["text"],[1000000]]]', `["pull",${id}]`);
    }
    await givenUp(all);
  });

  test("a malformed close after messages whose answers are held back", async () => {
    const all = await attacked();
    const { attacker } = all;
    const ended = once(attacker, "end");
    attacker.write(
      Buffer.concat([
        frame(TEXT, '["push",["pipeline",0,["add"],[1,["promise",-1]]]]'),
        frame(TEXT, '["resolve",-2,{}]'),
        frame(CLOSE, Buffer.from([0xff, 0xff])),
      ]),
    );
    attacker.resume();
    await ended;
    await givenUp(all);
  });

  test("thousands of pings", async () => {
    const all = await attacked();
    all.attacker.write(Buffer.concat(Array(10_000).fill(frame(PING))));
    await givenUp(all);
  });

  test("hundreds of pings whose answers are read", async () => {
    const all = await attacked();
    all.attacker.resume();
    all.attacker.write(Buffer.concat(Array(150).fill(frame(PING))));
    await givenUp(all);
  });

  test("a message in fragments of one byte", async () => {
    const all = await attacked();
    const fragments = Array(20_000).fill(frame(CONTINUATION, " ", false));
    all.attacker.write(Buffer.concat([frame(TEXT, "[", false), ...fragments]));
    await givenUp(all);
  });

  test("a frame that announces more than a message may have", async () => {
    const all = await attacked();
    const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0xc0, 0, 1, 0, 0, 0, 0]);
    all.attacker.write(head);
    await givenUp(all);
  });

  test("a peer that goes silent", async () => {
    const all = await attacked({ keepAlive: { interval: 10, timeout: 50 } });
    // It answers no ping.
    await givenUp(all);
  });

  test("a peer that shows signs of life, but doesn't read", async () => {
    const all = await attacked({ keepAlive: { interval: 20, timeout: 100 } });
    const { attacker } = all;
    attacker.pause();
    const timer = setInterval(() => attacker.write(frame(PONG)), 5);
    call(attacker, '["push",["pipeline",0,["text"],[12000000]]]', '["pull",1]');
    await givenUp(all).finally(() => clearInterval(timer));
  });

  test("a peer that never answers a close", async () => {
    const all = await attacked();
    // Ends the session, because no session can go on after that.
    call(all.attacker, "garbage");
    await givenUp(all);
  });
});

describe("a client that reads", () => {
  test("gets answers larger than maxBufferedAmount", async () => {
    const { url } = await listen({ maxBufferedAmount: 1_000 });
    const api = newNodeSession<Api>(url("/"));
    for (let i = 0; i < 3; i++) expect(await api.text(3_000_000)).toHaveLength(3_000_000);
    api[Symbol.dispose]();
  });

  test("gets smaller answers while a large one is in flight", async () => {
    const { url } = await listen({ maxBufferedAmount: 1_000 });
    const api = newNodeSession<Api>(url("/"));
    const answers = [api.text(8_000_000), api.text(10), api.add(1, 2)].map((call) =>
      call.then((value: unknown) => value),
    );
    expect((await Promise.all(answers)).slice(1)).toEqual(["x".repeat(10), 3]);
    api[Symbol.dispose]();
  });

  test("stays connected by pings, which it answers", async () => {
    const { url } = await listen({ keepAlive: { interval: 5, timeout: 1_000 } });
    const socket = new WebSocket(url("/"));
    const api = newNodeSession<Api>(socket);
    for (let i = 0; i < 3; i++) await once(socket, "ping");
    expect(await api.add(1, 2)).toBe(3);
    api[Symbol.dispose]();
  });

  test("learns from the error that its message was too long", async () => {
    const { url } = await listen({ limits: { maxFrameSize: 1_000 } });
    const api = newNodeSession<any>(url("/"));
    await api.add(1, 1);
    api.add("x".repeat(4_000), 1).catch(() => {});
    expect(await broken(api)).toMatchObject({
      closeCode: 1009,
      message: expect.stringMatching(/longer than the peer takes/),
    });
  });
});
