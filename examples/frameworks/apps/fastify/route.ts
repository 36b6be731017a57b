import { attachHost, closeOnSignals } from "@capnweb/host/node";
import { newNodeHttpBatchRpcHandler } from "@capnweb/transport-http";
import { host } from "../host.ts";
import { app } from "./app.ts";

const answer = newNodeHttpBatchRpcHandler(host);
// Leaves bodies of the type of batches to the handler.
app.addContentTypeParser("text/plain", (_request, _payload, done) => done(null));
app.all("/api", (request, reply) => {
  reply.hijack();
  return answer(request.raw, reply.raw);
});

attachHost(host, app.server, { path: "/api", http: false });
await app.listen({ port: 8080, host: "0.0.0.0" });
closeOnSignals(host, { servers: [app] });
