import { expect, test } from "vitest";
import { createMemoryLink, createScriptedPeer } from "../src/index.ts";

test("says and expects messages, one after the other", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  link.client.send('["push",{"a":1,"b":2}]');
  link.client.send('["pull",1]');
  await peer.expect(["push", { b: 2, a: 1 }], ["pull", 1]);
  peer.send(["resolve", 1, 5], "as it is");
  expect(await link.client.receive()).toBe('["resolve",1,5]');
  expect(await link.client.receive()).toBe("as it is");
});

test("shows what it expected and what came", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  link.client.send('["pull",2]');
  await expect(peer.expect(["pull", 1])).rejects.toThrow('Expected ["pull",1], got ["pull",2].');
});

test("hears when the connection is over, and can end it", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  peer.end();
  await expect(link.client.receive()).rejects.toThrow("The peer closed the link.");
  const other = createMemoryLink();
  other.cut();
  await expect(createScriptedPeer(other.client).next()).rejects.toThrow("The link was cut.");
});
