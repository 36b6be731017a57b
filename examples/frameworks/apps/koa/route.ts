import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { newNodeHttpBatchRpcHandler } from "@capnweb/transport-http";
import { host } from "../host.ts";
import { app } from "./app.ts";

const answer = newNodeHttpBatchRpcHandler(host);
app.use(async (context, next) => {
  if (context.path !== "/api") return next();
  context.respond = false;
  await answer(context.req, context.res);
});

const server = app.listen(8080);
attachHost(host, server, { path: "/api", http: false });
closeOnSignals(host, { servers: [server] });
