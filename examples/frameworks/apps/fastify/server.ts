import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { host } from "../host.ts";
import { app } from "./app.ts";

attachHost(host, app.server, { path: "/api" });
await app.listen({ port: 8080, host: "0.0.0.0" });
closeOnSignals(host, { servers: [app] });
