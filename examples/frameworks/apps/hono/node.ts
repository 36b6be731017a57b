import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { serve } from "@hono/node-server";
import { host } from "../host.ts";
import { app } from "./app.ts";

const server = serve({ fetch: app.fetch, port: 8080 });
attachHost(host, server, { path: "/api" });
closeOnSignals(host, { servers: [server] });
