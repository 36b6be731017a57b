import { newBunHostHandler } from "@capnweb/host";
import { websocket } from "elysia/ws";
import { host } from "../host.ts";
import { app } from "./app.ts";

app.ws("/echo", { message: (ws, message) => void ws.send(message) });

const options = { path: "/api", fallback: app.fetch, webSocket: { fallback: websocket } };
app.server = Bun.serve({ port: 8080, ...newBunHostHandler(host, options) });
