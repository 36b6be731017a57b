import { newHostHandler } from "@capnweb/host";
import { host } from "../host.ts";
import { app } from "./app.ts";

export default { fetch: newHostHandler(host, { path: "/api", fallback: app.fetch }) };
