import { createServer } from "node:http";
import { attachHost, closeOnSignals } from "@capnweb/host/node";
import next from "next";
import { host } from "./host.ts";

const app = next({});
await app.prepare();

const server = createServer(app.getRequestHandler()).listen(8080);
attachHost(host, server, { path: "/rpc" });
closeOnSignals(host, { servers: [server] });
