import { EventEmitter, once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { attachWebSocketRpc, listenFirst, newWebSocketRpcSession } from "../src/node.ts";
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

test.for([
  ["first", "second"],
  ["second", "first"],
] as const)("listeners that stop in any order leave each event to one: %s, %s", (order) => {
  const server = new EventEmitter();
  const heard: string[] = [];
  const taking = (name: string) => (event: string) => event === name && heard.push(name) > 0;
  const nobody = () => heard.push("nobody");
  const application = () => heard.push("application");
  server.on("request", application);
  const stops = {
    first: listenFirst(server, "request", taking("first"), nobody),
    second: listenFirst(server, "request", taking("second"), nobody),
  };
  const emit = () => {
    heard.length = 0;
    for (const event of ["first", "second", "other"]) server.emit("request", event);
    return [...heard];
  };
  expect(emit()).toEqual(["first", "second", "application"]);
  stops[order[0]]();
  stops[order[0]]();
  const rest = ["first", "second"].map((name) => (name === order[1] ? name : "application"));
  expect(emit()).toEqual([...rest, "application"]);
  stops[order[1]]();
  expect(emit()).toEqual(["application", "application", "application"]);
});

test("an event that nobody takes is handled once, also after one of two has stopped", () => {
  const server = new EventEmitter();
  const heard: string[] = [];
  const stop = listenFirst(
    server,
    "request",
    () => false,
    () => heard.push("first"),
  );
  listenFirst(
    server,
    "request",
    () => false,
    () => heard.push("second"),
  );
  server.emit("request");
  stop();
  server.emit("request");
  expect(heard).toHaveLength(2);
});
