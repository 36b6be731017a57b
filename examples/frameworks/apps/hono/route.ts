import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { newHttpBatchRpcHandler } from "@capnweb/transport-http";
import { type HttpBindings, serve } from "@hono/node-server";
import { host } from "../host.ts";
import { app } from "./app.ts";

const answer = newHttpBatchRpcHandler<[HttpBindings]>(host, {
  address: (_request, { incoming }) => incoming.socket.remoteAddress,
});
app.all("/api", (c) => answer(c.req.raw, c.env as HttpBindings));

const server = serve({ fetch: app.fetch, port: 8080 });
attachHost(host, server, { path: "/api", http: false });
closeOnSignals(host, { servers: [server] });
