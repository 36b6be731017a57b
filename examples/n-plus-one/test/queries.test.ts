import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import * as reference from "capnweb";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Api } from "../src/api.ts";
import { People } from "../src/database.ts";
import { serve } from "../src/server.ts";

// Node 20 has none, and the reference looks at its constants.
globalThis.WebSocket ??= WebSocket as never;

const COUNT = 1_000;
const NAMES = Array.from({ length: COUNT }, (_, i) => `person ${i + 1}`);

describe.each([
  ["our client", (socket: any) => newWebSocketRpcSession<Api>(socket)],
  ["an unmodified client of capnweb", (socket: any) => reference.newWebSocketRpcSession(socket)],
])("%s", (_, connect) => {
  async function start() {
    const people = new People(COUNT);
    const server = await serve(people);
    const api = connect(new WebSocket(server.url)) as any;
    onTestFinished(() => {
      api[Symbol.dispose]();
      server.close();
    });
    return { api, people };
  }

  it("takes one query for the names of a map() over 1,000", async () => {
    const { api, people } = await start();
    expect(await api.ids().map((id: number) => api.nameAlone(id))).toEqual(NAMES);
    expect(people.queries).toBe(1 + COUNT);
    people.queries = 0;
    expect(await api.ids().map((id: number) => api.name(id))).toEqual(NAMES);
    expect(people.queries).toBe(1 + 1);
  });

  it("takes few queries for 1,000 pipelined calls, and each has its own result", async () => {
    const { api, people } = await start();
    await api.ids();
    people.queries = 0;
    const names = Array.from({ length: COUNT }, (_, i) => api.name(i + 1));
    const missing = api.name(-1).catch((error: Error) => error.message);
    expect(await Promise.all(names)).toEqual(NAMES);
    expect(await missing).toBe("There is no person -1.");
    // As many as the turns of the event loop in which the messages arrive.
    expect(people.queries).toBeLessThan(COUNT / 10);
  });
});
