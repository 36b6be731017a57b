import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import { onTestFinished } from "vitest";
import type { Gate } from "../src/gate.ts";
import { startServer } from "../src/server.ts";
import { CutProxy } from "./cut-proxy.ts";

/** A server in a folder of its own, behind a network that can be cut. */
export async function serve({ quota = 1e9 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let server = await startServer({ port: 0, folder, quota });
  onTestFinished(() => server.stop());
  const port = Number(new URL(server.url).port);
  const proxy = await CutProxy.start(port);
  onTestFinished(() => proxy.stop());
  return {
    /** The folder with `files` and `parts`. */
    folder,
    proxy,
    /** The HTTP server. */
    get server() {
      return server.server;
    },
    /** The figures of the only session. */
    statistics() {
      const [session] = server.host.sessions;
      return session!.statistics;
    },
    /** The link to everything, through the network. */
    get link() {
      return server.link.replace(`:${port}/`, `:${proxy.port}/`);
    },
    /** A client's connection, and the directory that a link is for. */
    open(link = server.link) {
      const connection = connect<Gate>({
        open: ({ signal }) => webSocketTransport(`ws://localhost:${proxy.port}/api`, { signal }),
        backoff: { max: 100 },
      });
      onTestFinished(() => connection.close());
      const token = new URL(link).hash.slice(1);
      return { connection, root: connection.keep((gate) => gate.open(token)) };
    },
    async restart() {
      await server.stop();
      server = await startServer({ port, folder, quota });
    },
  };
}

/** A file of bytes that differ from place to place. */
export function fileOf(size: number, name = "big.bin"): File {
  const bytes = new Uint32Array(Math.ceil(size / 4)).map((_, i) => Math.imul(i, 2654435761));
  return new File([new Uint8Array(bytes.buffer, 0, size)], name, {
    lastModified: 1_700_000_000_123,
  });
}
