import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { host } from "../host.ts";
import { app } from "./app.ts";

const server = app.listen(8080);
attachHost(host, server, { path: "/api" });
closeOnSignals(host, { servers: [server] });
