import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The facts that the page needs to connect: the address, and the hash of the certificate to trust.
 */
export interface ConnectInfo {
  url: string;
  hash: number[];
}

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Serves the page on http://localhost, which browsers treat as secure. WebTransport needs that. */
export async function startSite(port: number, info: ConnectInfo) {
  const { outputFiles } = await build({
    entryPoints: [fileOf("page.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const files: Record<string, [type: string, content: string]> = {
    "/": ["text/html", readFileSync(fileOf("page.html"), "utf8")],
    "/page.js": ["text/javascript", outputFiles[0]!.text],
    "/connect.json": ["application/json", JSON.stringify(info)],
  };
  const server = createServer((request, response) => {
    const [type, content] = files[request.url ?? ""] ?? ["text/plain", "Nothing here.\n"];
    response.writeHead(request.url! in files ? 200 : 404, { "content-type": type }).end(content);
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
