// The server of `npm run bench:resume`: plain sessions under /plain, resumable ones under /resume.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { RpcSession, RpcTarget } from "@capnweb/core";
import { ResumeAcceptor } from "@capnweb/resume";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { WebSocketServer } from "ws";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

const acceptor = new ResumeAcceptor();
const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
server.on("connection", async (socket, { url }) => {
  const inner = new WebSocketPushTransport(socket as any);
  if (url === "/plain") {
    new RpcSession(inner, new Api(), { announce: "reply" });
    return;
  }
  const { kind, transport } = await acceptor.accept(inner);
  if (kind !== "resumed") new RpcSession(transport, new Api(), { announce: "reply" });
});
await once(server, "listening");
process.send!((server.address() as AddressInfo).port);
process.on("disconnect", () => process.exit());
