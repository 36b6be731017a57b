import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import { serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
import { Room } from "./chat.ts";
import { startSite } from "./site.ts";

/** Ports to listen on; 0 picks a free one. */
export interface Ports {
  site: number;
  webTransport: number;
}

/** Starts the page and the server of sessions, on the loopback interface. */
export async function startServer(ports: Ports) {
  const room = new Room();
  const { cert, privKey, hash } = await createDevCertificate(["localhost", "127.0.0.1"]);
  const server = await serveWebTransportRpc(
    { port: ports.webTransport, host: "127.0.0.1", cert, privKey, path: "/chat" },
    () => room.door(),
  );
  const url = `https://127.0.0.1:${server.address.port}/chat`;
  const site = await startSite(ports.site, { url, hash: [...new Uint8Array(hash.value)] });
  return {
    url,
    hash,
    siteUrl: site.url,
    hasHttp3: server.hasHttp3,
    async stop() {
      await site.stop();
      await server.close();
    },
  };
}
