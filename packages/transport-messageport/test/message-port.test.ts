import { once } from "node:events";
import {
  MessageChannel as NodeChannel,
  type MessagePort as NodePort,
  receiveMessageOnPort,
} from "node:worker_threads";
import { RpcTarget } from "@capnweb/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createApi } from "../../../testing/api.ts";
import { newMessagePortRpcSession } from "../src/index.ts";

class Api extends createApi(RpcTarget) {}

function connect() {
  const channel = new NodeChannel();
  onTestFinished(() => channel.port1.close());
  const disposed: string[] = [];
  newMessagePortRpcSession(channel.port2 as never, new Api(disposed));
  return { channel, disposed, api: newMessagePortRpcSession<Api>(channel.port1 as never) };
}

const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));

describe("a session over a MessageChannel", () => {
  test("passes values and callbacks as structured clones", async () => {
    const { api } = connect();
    const value = { when: new Date(1), big: 5n, bytes: new Uint8Array([1, 2]), none: undefined };
    expect(await api.echo(value)).toEqual(value);
    expect(await api.call((when: Date) => when.getTime(), new Date(5))).toBe(5);
  });

  test("clones a view without the rest of its buffer", async () => {
    const { api } = connect();
    const secret = new Uint8Array([1, 2, 3, 4]);
    const back = (await api.echo(secret.subarray(1, 2))) as Uint8Array;
    expect([...back]).toEqual([2]);
    expect(back.buffer.byteLength).toBe(1);
  });

  test("gives the receiver bytes that the sender can't change, even in shared memory", async () => {
    const { port1, port2 } = new NodeChannel();
    onTestFinished(() => port1.close());
    const taken: Uint8Array[] = [];
    const main = { take: (bytes: Uint8Array) => void taken.push(bytes) };
    newMessagePortRpcSession(port2 as never, main, { announce: false });
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(1);
    for (const bytes of [shared, shared.subarray(1, 3)]) {
      const answer = once(port1, "message");
      port1.postMessage(["stream", ["pipeline", 0, ["take"], [["bytes", bytes]]]]);
      await answer;
    }
    shared.fill(2);
    expect(taken.map((bytes) => [...bytes])).toEqual([
      [1, 1, 1, 1],
      [1, 1],
    ]);
  });

  test("ends if a clone has one list in many places, or inside itself", async () => {
    let doubled: unknown = [1];
    for (let i = 0; i < 50; i++) doubled = [doubled, doubled];
    const inItself: unknown[] = [];
    inItself.push(inItself);
    for (const list of [doubled, inItself]) {
      const { port1, port2 } = new NodeChannel();
      const disposed: string[] = [];
      newMessagePortRpcSession(port2 as never, new Api(disposed), { limits: "server" });
      const closed = once(port1, "close");
      port1.on("message", () => {});
      port1.postMessage(["push", [list]]);
      await closed;
      expect(disposed).toEqual(["main"]);
    }
  });

  test("tells the peer and closes the port when the main stub is disposed of", async () => {
    const { api, disposed, channel } = connect();
    await api.echo(1);
    const closed = once(channel.port2, "close");
    api[Symbol.dispose]();
    await closed;
    expect(disposed).toEqual(["main"]);
  });

  test("fails pending calls when the peer closes", async () => {
    const { api, channel } = connect();
    await api.echo(1);
    const reason = broken(api);
    channel.port2.postMessage(null);
    expect(await reason).toMatchObject({
      message: "Peer closed MessagePort connection.",
      code: "MESSAGE_PORT_CLOSED",
    });
  });

  test("fails pending calls when the port is closed without a message", async () => {
    const { api, channel } = connect();
    await api.echo(1);
    const reason = broken(api);
    channel.port2.close();
    expect(await reason).toMatchObject({ code: "MESSAGE_PORT_CLOSED" });
  });

  /**
   * Sends more to a port than is handled in a turn.
   *
   * @returns a promise that resolves when the last message is answered
   */
  function flood(port: NodePort): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      port.on("message", ([, id]) => id === 2 && resolve());
    });
    port.postMessage(["push", 0]);
    for (let i = 0; i < 100_000; i++) port.postMessage(["pull", 1]);
    port.postMessage(["push", 0]);
    port.postMessage(["pull", 2]);
    return answered;
  }

  test("leaves other ports of the thread their turns during a flood", async () => {
    const { port1, port2 } = new NodeChannel();
    onTestFinished(() => port1.close());
    const { api } = connect();
    await api.echo(1);
    newMessagePortRpcSession(port2 as never, new Api());
    const order: string[] = [];
    const flooded = flood(port1).then(() => order.push("flood"));
    await api.echo(2);
    await api.echo(3);
    order.push("other");
    await flooded;
    expect(order).toEqual(["other", "flood"]);
  });

  test("leaves messages in the port while it has no time for them", async () => {
    const { port1, port2 } = new NodeChannel();
    onTestFinished(() => port1.close());
    newMessagePortRpcSession(port2 as never, new Api());
    // The announcements of both ends.
    await once(port1, "message");
    const answered = once(port1, "message");
    const flooded = flood(port1);
    await answered;
    expect(receiveMessageOnPort(port2)).toEqual({ message: ["pull", 1] });
    await flooded;
  });

  test.each([["nonsense", 1], null])("takes no further message after %o ended it", async (last) => {
    const { port1, port2 } = new NodeChannel();
    const added = vi.spyOn(port2, "addEventListener");
    const removed = vi.spyOn(port2, "removeEventListener");
    newMessagePortRpcSession(port2 as never, new Api());
    const closed = once(port2, "close");
    port1.postMessage(last);
    await closed;
    // Without its listener, a port delivers no more of its waiting messages.
    const [[, listener] = []] = added.mock.calls.filter(([type]) => String(type) === "message");
    expect(removed).toHaveBeenCalledWith("message", listener);
  });

  test("doesn't keep a thread alive after a flood, if its port didn't before", async () => {
    const { port1, port2 } = new NodeChannel();
    onTestFinished(() => port1.close());
    newMessagePortRpcSession(port2 as never, new Api());
    port2.unref();
    await flood(port1);
    expect((port2 as unknown as { hasRef(): boolean }).hasRef()).toBe(false);
  });

  test.each([["a string"], [{ no: "message" }], [["push", new Map()]], [["push", /x/]]])(
    "ends when it receives %o",
    async (message) => {
      const { api, channel, disposed } = connect();
      await api.echo(1);
      const reason = broken(api);
      channel.port1.postMessage(message);
      expect((await reason).message).toMatch(/bad RPC message|unknown special value/);
      expect(disposed).toEqual(["main"]);
    },
  );
});
