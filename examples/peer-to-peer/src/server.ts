import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BaseSession, RpcStub, RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import type { Peer } from "./peer.ts";

/**
 * Listens for peers on a free port of this machine.
 *
 * @param createMain makes the object that a peer gets, in exchange for its own main object
 */
export async function listen(createMain: (peer: RpcStub<Peer>) => RpcTarget) {
  const open = new Set<BaseSession<any>>();
  const server = createServer();
  const sessions = attachWebSocketRpc<Peer>(server, (_request, { client }) => createMain(client), {
    onSession(session) {
      open.add(session);
      session.onClose(() => open.delete(session));
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The number of capabilities that peers hold here, besides their main objects. */
    held(): number {
      return [...open].reduce((sum, session) => sum + session.getStats().exports - 1, 0);
    },
    close() {
      sessions.close();
      server.close();
    },
  };
}
