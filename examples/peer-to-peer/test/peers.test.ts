import type { RpcStub } from "@capnweb/core";
import { expect, it, onTestFinished, vi } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { runExample } from "../../../testing/run-example.ts";
import { startRelay } from "../src/introduced.ts";
import { type Notebook, Peer } from "../src/peer.ts";

it("lets peers call each other, introduces them, and hands a notebook on", async () => {
  expect(await runExample(import.meta.url)).toEqual([
    "Two peers, connected directly:",
    "Bob to Ada: Hello Ada, I am Bob.",
    "Ada to Bob: Hello Bob, I am Ada.",
    "",
    "Three peers, introduced by a relay:",
    "Bob to Ada: Hello Ada, I am Bob.",
    "Carol reads: Ada was here. Carol was here.",
    "Bob has the notebook back.",
    "Bob has left.",
    expect.stringMatching(/^Carol calls Bob: Peer closed WebSocket/),
  ]);
});

async function start() {
  const relay = await startRelay();
  const sessions: Disposable[] = [];
  onTestFinished(() => {
    for (const session of sessions) session[Symbol.dispose]();
    relay.close();
  });
  return {
    relay,
    async join(peer: Peer) {
      const session = await relay.join(peer);
      sessions.push(session);
      return session;
    },
  };
}

it("keeps nothing at the relay once the notebook is back", async () => {
  const { relay, join } = await start();
  const loans: RpcStub<Notebook>[] = [];
  let returns = 0;
  const ada = await join(new Peer("Ada"));
  await join(new Peer("Bob", { onReturn: () => returns++ }));
  await join(new Peer("Carol", { onLoan: (notebook) => loans.push(notebook) }));
  {
    using bob = await ada.find("Bob");
    using carol = await ada.find("Carol");
    using notebook = await bob.lend();
    await carol.take(notebook);
  }
  // Ada's stubs are gone, and Carol has the notebook.
  await vi.waitFor(() => expect(relay.held()).toBe(1));
  expect(returns).toBe(0);
  loans[0]![Symbol.dispose]();
  await vi.waitFor(() => expect(relay.held()).toBe(0));
  expect(returns).toBe(1);
});

it("forgets a peer that has left, and gives its name to no other one meanwhile", async () => {
  const { join } = await start();
  const ada = await join(new Peer("Ada"));
  const bob = await join(new Peer("Bob"));
  expect((await failure(join(new Peer("Bob")))).message).toBe("Bob is here already.");
  bob[Symbol.dispose]();
  await vi.waitFor(async () => {
    expect((await failure(ada.find("Bob"))).message).toBe("Bob isn't here.");
  });
  await join(new Peer("Bob"));
});
