import { newBunHostHandler } from "@capnweb/host";
import { upgradeWebSocket, websocket } from "hono/bun";
import { host } from "../host.ts";
import { app } from "./app.ts";

const echo = upgradeWebSocket(() => ({ onMessage: ({ data }, ws) => ws.send(String(data)) }));
app.get("/echo", echo);

const options = { path: "/api", fallback: app.fetch, webSocket: { fallback: websocket } };
Bun.serve({ port: 8080, ...newBunHostHandler(host, options) });
