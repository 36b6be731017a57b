import { once } from "node:events";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import {
  newWebSocketRpcHandler,
  newWorkersWebSocketRpcResponse,
  subprotocolFor,
  upgradeBunWebSocketRpc,
} from "../src/index.ts";
import { newWebSocketRpcSession } from "../src/node.ts";
import { Api, listen } from "./support.ts";

/** A request for a WebSocket, with the subprotocols as browsers and the package `ws` send them. */
const asking = (offered?: string) =>
  new Request("http://x/", {
    headers: {
      Upgrade: "websocket",
      ...(offered !== undefined && { "Sec-WebSocket-Protocol": offered }),
    },
  });

test.each([
  [undefined, {}, undefined],
  ["a, b", {}, "a"],
  ["a,b", { subprotocols: ["c", "b"] }, "b"],
  ["a, b", { subprotocols: ["b", "a"] }, "b"],
  ["a", { subprotocols: ["b"] }, undefined],
  ["a", { subprotocols: [] }, undefined],
] as const)("of %j, with %j, a server takes %j", (offered, options, chosen) => {
  expect(subprotocolFor(asking(offered), options)).toBe(chosen);
});

describe("a server in Node", () => {
  test.each([
    [{}, "a"],
    [{ subprotocols: ["b"] }, "b"],
  ])("with %j tells its client the subprotocol", async (options, chosen) => {
    const { url } = await listen(options);
    const socket = new WebSocket(url("/"), ["a", "b"]);
    const api = newWebSocketRpcSession<Api>(socket as any) as any;
    expect(await api.add(1, 2)).toBe(3);
    expect(socket.protocol).toBe(chosen);
  });

  test("takes none if it has none of those that the client offers", async () => {
    const { url } = await listen({ subprotocols: ["c"] });
    const [error] = await once(new WebSocket(url("/"), ["a"]), "error");
    expect(error.message).toMatch(/no subprotocol/);
  });
});

test("a server in Deno, Bun and Workers tells its client the subprotocol", async () => {
  const socket = Object.assign(new EventTarget(), { readyState: 1, send() {}, close() {} });
  const response = { status: 101, headers: new Headers() };
  vi.stubGlobal("Deno", { upgradeWebSocket: () => ({ socket, response }) });
  onTestFinished(() => void vi.unstubAllGlobals());
  await newWebSocketRpcHandler(() => new Api(), { subprotocols: ["b"] })(asking("a, b"));
  expect(response.headers.get("Sec-WebSocket-Protocol")).toBe("b");

  const upgrade = vi.fn((_request: Request, _options?: { headers?: Headers }) => true);
  upgradeBunWebSocketRpc(asking("a, b"), { upgrade }, { headers: { "X-A": "1" } });
  const { headers } = upgrade.mock.calls[0]![1]!;
  expect([headers?.get("X-A"), headers?.get("Sec-WebSocket-Protocol")]).toEqual(["1", "a"]);

  const init = vi.fn();
  vi.stubGlobal("WebSocketPair", function WebSocketPair() {
    return { 0: {}, 1: Object.assign(socket, { accept() {} }) };
  });
  vi.stubGlobal(
    "Response",
    class {
      constructor(_body: unknown, given: unknown) {
        init(given);
      }
    },
  );
  newWorkersWebSocketRpcResponse(asking("a, b"), new Api());
  expect(init).toHaveBeenCalledWith({
    status: 101,
    webSocket: {},
    headers: { "Sec-WebSocket-Protocol": "a" },
  });
});
