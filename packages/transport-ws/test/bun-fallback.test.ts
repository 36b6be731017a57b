import { expect, test, vi } from "vitest";
import { newBunWebSocketRpcHandler } from "../src/index.ts";

test("Bun's handler hands the events of other WebSockets to their own handler", () => {
  const host = { options: {}, size: 0, admit: vi.fn(), refuse: vi.fn() } as any;
  const events = ["open", "message", "drain", "close", "error"] as const;
  const fallback = Object.fromEntries(events.map((name) => [name, vi.fn()]));
  const handler = newBunWebSocketRpcHandler(host, { fallback });
  const ws = { data: "theirs", send: () => 1, close: vi.fn() };
  const error = new Error("lost");
  handler.open(ws);
  handler.message(ws, "text");
  handler.drain(ws);
  handler.error(error, ws);
  handler.close(ws, 1000, "Bye.");
  expect(ws.close).not.toHaveBeenCalled();
  expect(events.map((name) => fallback[name]!.mock.calls)).toEqual([
    [[ws]],
    [[ws, "text"]],
    [[ws]],
    [[ws, 1000, "Bye."]],
    [[error, ws]],
  ]);
});
