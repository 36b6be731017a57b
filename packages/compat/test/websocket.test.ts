import { describe, expect, test, vi } from "vitest";
import {
  newBunWebSocketRpcHandler,
  newWorkersWebSocketRpcResponse,
  RpcTarget,
} from "../src/index.ts";

class Api extends RpcTarget {
  lengthOf(text: string) {
    return text.length;
  }
}

describe("a server of WebSockets, with the defaults of capnweb,", () => {
  test("takes messages of up to 32 Mi code units", async () => {
    const socket = { send: vi.fn(() => 1), close: vi.fn() };
    const handler = newBunWebSocketRpcHandler(() => new Api());
    expect(handler.maxPayloadLength).toBe(96 * 1024 * 1024);
    handler.open(socket);
    const text = "x".repeat(5 * 1024 * 1024);
    handler.message(socket, JSON.stringify(["push", ["pipeline", 0, ["lengthOf"], [text]]]));
    handler.message(socket, '["pull",1]');
    const answer = `["resolve",1,${text.length}]`;
    await vi.waitFor(() => expect(socket.send).toHaveBeenCalledWith(answer));
  });

  test("accepts pages of every origin, unless the options forbid it", () => {
    vi.stubGlobal("WebSocketPair", function WebSocketPair() {
      throw new Error("accepted");
    });
    const headers = { Upgrade: "websocket", Origin: "https://other.example" };
    const request = new Request("http://x/", { headers });
    expect(() => newWorkersWebSocketRpcResponse(request, new Api())).toThrow("accepted");
    const options = { origins: "same-site" } as const;
    expect(newWorkersWebSocketRpcResponse(request, new Api(), options).status).toBe(403);
    vi.unstubAllGlobals();
  });
});
