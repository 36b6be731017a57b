import { generateSecret, KeyRing } from "@capnweb/durable";
import { cuttingProxy } from "@capnweb/testkit/proxy";
import { startLastingServer } from "./lasting-server.ts";

/** Starts a server behind a proxy, which cuts its clients' connections on demand. */
export async function startCutServer() {
  // A server has them from its configuration, so each process has the same.
  const keys = new KeyRing([{ id: "1", secret: generateSecret() }]);
  let server = await startLastingServer(keys);
  const proxy = await cuttingProxy({ target: server.url });
  return {
    url: proxy.url,
    /** The number of logins since the server was started last. */
    get logins() {
      return server.logins;
    },
    /** Cuts the latest connection in the middle of a message: 1 for the next one of this side. */
    cutWithin(from: "client" | "server", message: number) {
      const connection = proxy.connections.at(-1)!;
      const sent = connection.sentBy(from).messages;
      connection.cutAt({ from, message: sent + message, at: "within" });
    },
    /** Stops the server, as before a restart. Its address refuses connections meanwhile. */
    async stop() {
      await proxy.refuse();
      await server.stop();
    },
    /** Starts the server again, with nothing in its memory. */
    async startAgain() {
      server = await startLastingServer(keys);
      proxy.retarget(server.url);
      await proxy.accept();
    },
    async close() {
      await proxy.close();
      await server.stop();
    },
  };
}
