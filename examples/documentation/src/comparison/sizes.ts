// Measures the bytes that a client of each library adds to a page: bundled and minified by esbuild,
// and gzipped. `npx tsx examples/documentation/src/comparison/sizes.ts` prints them.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** The imports of a client, by library. */
const CLIENTS: Record<string, string> = {
  "@capnweb": `export { newWebSocketRpcSession } from "@capnweb/transport-ws";`,
  capnweb: `export { newWebSocketRpcSession } from "capnweb";`,
  tRPC: `export { createTRPCClient, createWSClient, wsLink } from "@trpc/client";`,
  oRPC: `export { createORPCClient } from "@orpc/client";
    export { RPCLink } from "@orpc/client/websocket";`,
  "socket.io": `export { io } from "socket.io-client";`,
  birpc: `export { createBirpc } from "birpc";`,
  Comlink: `export { wrap, proxy } from "comlink";`,
  "gRPC-web": `export { createClient } from "@connectrpc/connect";
    export { createGrpcWebTransport } from "@connectrpc/connect-web";`,
};

/** Returns the gzipped bytes of each client. */
export async function clientSizes(): Promise<Record<string, number>> {
  const sizes = Object.entries(CLIENTS).map(async ([name, contents]) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "es2022",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    return [name, gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength] as const;
  });
  return Object.fromEntries(await Promise.all(sizes));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await clientSizes());
}
