import { expect, test } from "vitest";
import { createMemoryLink, createScriptedPeer, type ScriptedPeerOptions } from "../src/index.ts";

test("a scripted peer sends and expects messages in order", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  link.client.send('["push",{"a":1,"b":2}]');
  link.client.send('["pull",1]');
  await peer.expect(["push", { b: 2, a: 1 }], ["pull", 1]);
  peer.send(["resolve", 1, 5], "as it is");
  expect(await link.client.receive()).toBe('["resolve",1,5]');
  expect(await link.client.receive()).toBe("as it is");
});

test("a scripted peer ignores announcements of extensions, or shows them if asked to", async () => {
  const announcement = ["reject", 2 ** 31 - 1, { capnweb: { v: 1, features: [] } }];
  const say = (options?: ScriptedPeerOptions) => {
    const link = createMemoryLink();
    for (const message of [announcement, ["pull", 1]]) link.client.send(JSON.stringify(message));
    return createScriptedPeer(link.server, options);
  };
  await say().expect(["pull", 1]);
  await say({ announcements: true }).expect(announcement, ["pull", 1]);
});

test("a scripted peer splits joined messages, and takes away their bytes", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  link.client.send(new Uint8Array(2));
  link.client.send('["push",["bytes",2]]\n["pull",1]');
  await peer.expect(["push", ["bytes", 2]], ["pull", 1]);
  link.client.send("no message");
  await expect(peer.next()).rejects.toThrow(SyntaxError);
});

test("a scripted peer shows the expected and the actual message", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  link.client.send('["pull",2]');
  await expect(peer.expect(["pull", 1])).rejects.toThrow('Expected ["pull",1], got ["pull",2].');
});

test("a scripted peer learns of the connection's end, and can end it", async () => {
  const link = createMemoryLink();
  const peer = createScriptedPeer(link.server);
  peer.end();
  await expect(link.client.receive()).rejects.toThrow("The peer closed the link.");
  const other = createMemoryLink();
  other.cut();
  await expect(createScriptedPeer(other.client).next()).rejects.toThrow("The link was cut.");
});
