import { createServer } from "node:http";
import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { handler } from "./build/handler.js";
import { host } from "./src/lib/host.ts";

const server = createServer(handler).listen(8080);
attachHost(host, server, { path: "/api" });
closeOnSignals(host, { servers: [server] });
