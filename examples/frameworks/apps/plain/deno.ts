import { newHostHandler } from "@capnweb/host";
import { closeOnSignals } from "@capnweb/host/node";
import { host } from "../host.ts";
import { app } from "./app.ts";

Deno.serve({ port: 8080 }, newHostHandler(host, { path: "/api", fallback: app }));
closeOnSignals(host);
