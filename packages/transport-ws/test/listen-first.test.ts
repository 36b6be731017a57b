import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { attachWebSocketRpc, newWebSocketRpcSession } from "../src/node.ts";
import { Api, listen } from "./support.ts";

test("attachWebSocketRpc shares its server with another WebSocket server, which cuts unknown paths", async () => {
  const { server, attached, url } = await listen({ path: "/api" });
  attached.close();
  const others = new WebSocketServer({ server, path: "/other" });
  onTestFinished(() => others.close());
  const again = attachWebSocketRpc(server, () => new Api(), { path: "/api" });
  const api = newWebSocketRpcSession<Api>(url("/api")) as any;
  expect(await api.add(1, 2)).toBe(3);
  await once(new WebSocket(url("/other")), "open");
  again.close();
  const [error] = await once(new WebSocket(url("/api")), "error");
  expect(error.message).toMatch(/400/);
});
