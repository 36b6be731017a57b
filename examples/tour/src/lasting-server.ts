import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Durable, type KeyRing, offerDurable } from "@capnweb/durable";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { Notebook, PublicApi } from "./api.ts";

/**
 * Starts a server whose sessions outlive their connections, and whose notebooks outlive the server.
 *
 * @param keys the keys of notebooks' tokens, which the server's successor has as well
 */
export async function startLastingServer(keys: KeyRing) {
  const durable = new Durable({ classes: { notebook: Notebook }, keys });
  let logins = 0;
  class Api extends PublicApi {
    override authenticate(token: string) {
      logins++;
      return super.authenticate(token);
    }
  }

  const host = new RpcHost({ createMain: () => offerDurable(new Api(), durable), resume: {} });
  const server = createServer();
  attachHost(host, server, { path: "/session" });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/session`,
    /** The number of calls of `authenticate`. */
    get logins() {
      return logins;
    },
    async stop() {
      await host.close();
      server.close();
      await once(server, "close");
    },
  };
}
