import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { newWebSocketRpcSession } from "../src/index.ts";
import { broken, serve } from "./support.ts";

const BINARY_TYPES = ["nodebuffer", "arraybuffer", "fragments", "blob"] as const;

test.each(BINARY_TYPES)(
  "bytes arrive if the application set binaryType to %s before",
  async (binaryType) => {
    const { url } = await serve((socket) => {
      newWebSocketRpcSession(socket, { echo: (value: unknown) => value });
    });
    const socket = Object.assign(new WebSocket(url), { binaryType });
    const api = newWebSocketRpcSession<any>(socket);
    await api.echo(0);
    expect([...(await api.echo(new Uint8Array(100_000).fill(7)))].every((byte) => byte === 7)).toBe(
      true,
    );
  },
);

test.each(BINARY_TYPES)(
  "bytes arrive in order if the application sets binaryType to %s later",
  async (binaryType) => {
    const { url } = await serve((socket) => {
      newWebSocketRpcSession(socket, { echo: (value: unknown) => value });
    });
    const socket = new WebSocket(url);
    const api = newWebSocketRpcSession<any>(socket);
    await api.echo(0);
    socket.binaryType = binaryType as "nodebuffer";
    const order: number[] = [];
    const calls = [1, 2, 3, 4].map(async (value) => {
      const sent = value % 2 ? value : new Uint8Array(10_000).fill(value);
      const back = await api.echo(sent);
      order.push(value);
      return typeof back === "number" ? back : back[9_999];
    });
    expect(await Promise.all(calls)).toEqual([1, 2, 3, 4]);
    expect(order).toEqual([1, 2, 3, 4]);
  },
);

/** A browser's socket, whose binary frames arrive as blobs. */
class BlobSocket extends EventTarget {
  readyState = 1;
  binaryType = "blob";
  sent: string[] = [];
  send(message: string) {
    this.sent.push(message);
  }
  close() {}
  message(data: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

test("the end of a session waits for blobs that are still being read", async () => {
  const socket = new BlobSocket();
  const api = newWebSocketRpcSession<any>(socket, undefined, { announce: false });
  expect(socket.binaryType).toBe("arraybuffer");
  const reason = broken(api);
  socket.message(new Blob(["x"]));
  socket.dispatchEvent(Object.assign(new Event("close"), { code: 1000, reason: "" }));
  // A binary frame without an announcement ends a session, so the frame was read before the end.
  expect((await reason).message).toMatch(/bad RPC message/);
});
