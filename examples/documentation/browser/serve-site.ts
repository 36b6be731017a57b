import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

const SITE = fileURLToPath(new URL("../../../docs/.vitepress/dist", import.meta.url));
const BASE = "/capnweb-ts";

/** Serves the built site as a host of static files does. */
export async function serveSite(): Promise<{ url: string; close(): void }> {
  const files = sirv(SITE, { extensions: ["html"] });
  const server = createServer((request, response) => {
    request.url = request.url!.replace(BASE, "") || "/";
    files(request, response, () => {
      response.writeHead(404).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${BASE}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
