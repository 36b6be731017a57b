import { attachHost } from "@capnweb/host/node";
import { host } from "../host.ts";
import { app } from "./app.ts";

attachHost(host, app.listen(8080), {
  path: "/api",
  addressOf: ({ headers }) => String(headers["x-real-ip"]),
});
