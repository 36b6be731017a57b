import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { newNodeHttpBatchRpcHandler } from "@capnweb/transport-http";
import { host } from "../host.ts";
import { app } from "./app.ts";

app.all("/api", newNodeHttpBatchRpcHandler(host));
const server = app.listen(8080);
attachHost(host, server, { path: "/api", http: false });
closeOnSignals(host, { servers: [server] });
