import { newBunHostHandler } from "@capnweb/host";
import { closeOnSignals } from "@capnweb/host/node";
import { host } from "../host.ts";
import { app } from "./app.ts";

Bun.serve({ port: 8080, ...newBunHostHandler(host, { path: "/api", fallback: app.fetch }) });
closeOnSignals(host);
