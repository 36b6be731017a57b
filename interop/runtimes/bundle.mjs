// Bundles the servers and clients that run in other runtimes.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Bundles the programs of all runtimes into a directory. */
export async function bundle(directory) {
  const options = {
    bundle: true,
    format: "esm",
    target: "es2022",
    mainFields: ["module", "main"],
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  };
  await build({
    ...options,
    entryPoints: {
      program: join(here, "clients/program.ts"),
      reconnect: join(here, "clients/reconnect.ts"),
      durable: join(here, "clients/durable.ts"),
      sqlite: join(here, "clients/sqlite.ts"),
      "keep-alive": join(here, "clients/keep-alive.ts"),
      "conformance-client": join(here, "clients/conformance.ts"),
      "client-workerd": join(here, "clients/workerd.ts"),
      "host-node": join(here, "servers/host-node.ts"),
      "host-bun": join(here, "servers/host-bun.ts"),
      "host-deno": join(here, "servers/host-deno.ts"),
      "host-workerd": join(here, "servers/host-workerd.ts"),
      "server-node": join(here, "servers/node.ts"),
      "server-bun": join(here, "servers/bun.ts"),
      "server-deno": join(here, "servers/deno.ts"),
      "server-workerd": join(here, "servers/workerd.ts"),
    },
    platform: "neutral",
    external: ["node:*", "ws", "libsql"],
  });
}
